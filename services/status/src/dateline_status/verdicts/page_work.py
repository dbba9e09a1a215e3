"""Sums up what waits for pages, from the heartbeats of the processes that read pages."""

from collections.abc import Iterable

from dateline_status.report import PageReport, ServiceReport

__all__ = ["page_work"]

SERVICE = "pages"
"""The name of the service in heartbeats."""


def page_work(services: Iterable[ServiceReport]) -> PageReport | None:
    """Return the sums over the instances that are alive, None if there is none."""
    found = [
        instance.details
        for service in services
        if service.service == SERVICE
        for instance in service.instances
        if instance.verdict == "alive"
    ]
    if not found:
        return None
    return PageReport(
        **{name: sum(_number(details.get(name)) for details in found) for name in PageReport.model_fields}
    )


def _number(value: object) -> int:
    """Return a number of a heartbeat; anything else, which another version may write, counts as 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
