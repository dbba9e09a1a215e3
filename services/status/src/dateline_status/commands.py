"""The verbs `dateline status` and `dateline where`: their options and help.

Only click is imported here, so that `dateline --help` is quick.
"""

import click

__all__ = ["status", "where"]


@click.command()
@click.option(
    "--url", help="The status service to ask, such as http://127.0.0.1:8080. Default: the address in the settings."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, the same as the service's /status.")
@click.option("--watch", is_flag=True, help="Refresh the terminal, with throughput and lag, until Ctrl-C.")
def status(url: str | None, as_json: bool, watch: bool) -> None:
    """Show the health of services, groups, topics, dead letters and feeds.

    The report comes from the running status service; if none answers, Kafka is read directly, once. The exit code
    is 1 if the pipeline needs help, and 0 if it is healthy or only has warnings.

    \b
    Example:
      dateline status
      dateline status --watch
      dateline status --json | jq .problems
      dateline status --url http://127.0.0.1:8080
    """
    if watch and as_json:
        raise click.UsageError("--watch and --json exclude one another")
    if watch:
        from dateline_status.live.screen import watch_status

        watch_status(url)
        return
    from dateline_status.client import print_status

    print_status(url, as_json=as_json)


@click.command()
@click.argument("article", metavar="ID|URL")
@click.option("--url", help="The status service to ask. Default: the address in the settings.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, the same as the service's /articles.")
def where(article: str, url: str | None, as_json: bool) -> None:
    """Show where an article is, by its id or address, and how long each stage took.

    The report comes from the running status service; if none answers, Kafka is read directly. The exit code is 0
    if the article was found and 1 if not.

    \b
    Example:
      dateline where https://news.example/2024/06/storm
      dateline where 1b4e28ba-2fa1-51d2-883f-0016d3cca427 --json
    """
    from dateline_status.client import print_journey

    print_journey(article, url, as_json=as_json)
