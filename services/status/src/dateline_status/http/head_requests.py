"""Answers HEAD at every address that answers GET."""

from dateline.service.head_requests import HeadRequests

__all__ = ["HeadRequests"]
