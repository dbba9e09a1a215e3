"""A group of verbs in an order of their own."""

import click

__all__ = ["OrderedGroup"]


class OrderedGroup(click.Group):
    """A group that lists its verbs in the order of their definition, not by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return list(self.commands)
