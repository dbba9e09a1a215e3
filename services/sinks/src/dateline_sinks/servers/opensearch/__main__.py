"""`python -m dateline_sinks.servers.opensearch`: resolve the list of jars again."""

from dateline_sinks.servers.opensearch.lockfile import SERVER_LOCK_PATH
from dateline_sinks.servers.opensearch.resolution import resolve_server

__all__ = ["main"]


def main() -> None:
    """Resolve the list and write it."""
    lock = resolve_server()
    SERVER_LOCK_PATH.write_text(str(lock), encoding="utf-8")
    print(f"OpenSearch {lock.version}: {len(lock.jars)} jars, {sum(each.jar.size for each in lock.jars) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
