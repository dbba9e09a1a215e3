"""What templates know of whoever looks at a page."""

from dataclasses import dataclass

from dateline_status.http.access.message import Message

__all__ = ["Visitor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever looks at a page.

    Attributes:
        may_sign_in: whether there is a token with which somebody may change things.
        form_token: what every form sends back; empty for a visitor without a session, who sees no buttons.
        here: address of the page, to which a form returns.
        message: what the last change did.
    """

    may_sign_in: bool = False
    form_token: str = ""
    here: str = "/"
    message: Message | None = None

    @property
    def signed_in(self) -> bool:
        """Whether forms of this visitor are accepted."""
        return bool(self.form_token)
