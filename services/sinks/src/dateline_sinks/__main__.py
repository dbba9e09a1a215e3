"""The sinks service, which runs the sinks that the settings name: `python -m dateline_sinks`."""
