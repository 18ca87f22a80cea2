// What stands around the view: the list of photos, buttons, help, progress, messages.

import type { Mode } from "./navigator";
import type { Scene } from "./scene";

export interface Wishes {
  show(photo: number): void;
  mode(mode: Mode): void;
  cameras(visible: boolean): void;
  reset(): void;
}

function find<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

export class Panel {
  private readonly list = find<HTMLSelectElement>("photos");
  private readonly cameras = find<HTMLButtonElement>("cameras");
  private readonly help = find<HTMLElement>("help");
  private last = -1;

  constructor(
    private readonly scene: Scene,
    private readonly wishes: Wishes,
  ) {
    find("bar").hidden = false;
    find("photo-bar").hidden = scene.frames.length === 0;
    this.cameras.hidden = scene.frames.length === 0;
    this.list.append(new Option("Free view", "-1"));
    scene.frames.forEach(({ name, heldOut }, i) => {
      this.list.append(new Option(heldOut ? `${name} (held out)` : name, String(i)));
    });
    this.list.addEventListener("change", () => this.go(Number(this.list.value)));
    find("previous").addEventListener("click", () => this.step(-1));
    find("next").addEventListener("click", () => this.step(1));
    find("reset").addEventListener("click", () => wishes.reset());
    find("mode").addEventListener("click", () => this.toggleMode());
    this.cameras.addEventListener("click", () => this.toggleCameras());
    find("help-button").addEventListener("click", () => this.toggleHelp());
    find("help-close").addEventListener("click", () => this.toggleHelp());
    this.offerFullScreen();
  }

  /** The photo whose pose is shown, -1 for none. */
  choose(photo: number): void {
    this.list.value = String(photo);
    if (photo >= 0) this.last = photo;
  }

  /** A key that is no movement; whether it meant something. */
  key(code: string): boolean {
    const meanings: Record<string, () => void> = {
      Comma: () => this.step(-1),
      Period: () => this.step(1),
      KeyF: () => this.toggleMode(),
      KeyC: () => this.toggleCameras(),
      KeyR: () => this.wishes.reset(),
      KeyH: () => this.toggleHelp(),
      Escape: () => (this.help.hidden = true),
    };
    meanings[code]?.();
    return code in meanings;
  }

  private go(photo: number): void {
    if (photo >= 0) this.wishes.show(photo);
  }

  private step(by: number): void {
    const count = this.scene.frames.length;
    if (count > 0) this.go((this.last + by + count) % count);
  }

  private toggleMode(): void {
    const button = find<HTMLButtonElement>("mode");
    const mode: Mode = button.textContent === "Orbit" ? "fly" : "orbit";
    button.textContent = mode === "fly" ? "Fly" : "Orbit";
    this.wishes.mode(mode);
  }

  private toggleCameras(): void {
    const visible = this.cameras.getAttribute("aria-pressed") !== "true";
    this.cameras.setAttribute("aria-pressed", String(visible));
    this.wishes.cameras(visible);
  }

  private toggleHelp(): void {
    this.help.hidden = !this.help.hidden;
    find("help-button").setAttribute("aria-expanded", String(!this.help.hidden));
  }

  private offerFullScreen(): void {
    const button = find<HTMLButtonElement>("full");
    button.hidden = !document.fullscreenEnabled;
    button.addEventListener("click", () => {
      const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
      done.catch(() => (button.hidden = true));
    });
  }
}

/** Show how far loading is, 0 to 1; null when it is over. */
export function showProgress(share: number | null, words = ""): void {
  const box = find("loading");
  box.hidden = share === null;
  if (share === null) return;
  find<HTMLProgressElement>("progress").value = share;
  find("progress-words").textContent = words;
}

/** Say in the middle of the page why there is nothing to see. */
export function showFailure(words: string): void {
  showProgress(null);
  find("failure").textContent = words;
  find("failure").hidden = false;
}
