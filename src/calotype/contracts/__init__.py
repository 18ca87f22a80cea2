"""Job formats that clients already speak, each mapped to the pipeline that does the work."""
