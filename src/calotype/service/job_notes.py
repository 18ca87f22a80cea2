"""Word of a job's end that no conductor gives: to the webhooks of its scenes, and to the one that RunPod itself would call."""

from __future__ import annotations

import json
from typing import Any

from calotype.catalog.deliveries import Delivery
from calotype.contracts.splat_job import WebhookBody, parse_scenes
from calotype.engine.deliveries import write_deliveries
from calotype.errors import InputError, InvalidParameter, UrlRefused
from calotype.runners.job_ends import note_webhook
from calotype.runners.session import Session
from calotype.service.answers import JobAnswer
from calotype.storage.web_urls import WebUrl


def check_webhook(body: dict[str, Any]) -> None:
    """Nothing, where the body's own `webhook` is a web address or none is given; InvalidParameter otherwise."""
    url = body.get("webhook")
    if url is None:
        return
    try:
        if isinstance(url, str) and WebUrl.parse(url).scheme in ("http", "https"):
            return
    except UrlRefused as error:
        raise InvalidParameter(f"webhook: {error}") from error
    raise InvalidParameter("webhook must be an https:// or http:// URL.")


def note_scenes(session: Session, ended: JobAnswer, body: dict[str, Any]) -> None:
    """Have each scene's webhook told that it failed, and why."""
    try:
        scenes = parse_scenes(body)
    except (InvalidParameter, InputError):
        return  # Nobody can read whom to tell.
    for scene in scenes:
        if scene.webhook_url:
            told = WebhookBody(
                job_id=ended.id, status="failed", project_id=scene.project_id, error=ended.error or None
            )
            note_webhook(session, ended.id, scene.webhook_url, told)


def note_platform_webhook(session: Session, ended: JobAnswer, body: dict[str, Any]) -> None:
    """Have the body's own `webhook` told what `/status` answers now."""
    if not body.get("webhook"):
        return
    event = json.dumps({"event": ended.document(ended.ended)}, sort_keys=True)
    delivery = Delivery(
        id=f"dlv_{ended.id}_status", run=ended.id, kind="webhook", target=str(body["webhook"]), body=event
    )
    write_deliveries(session.store, [delivery])
    session.catalog.deliveries.enqueue([delivery])
