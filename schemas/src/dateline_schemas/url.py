"""The canonical form of a URL, from which identities are made."""

import re
import unicodedata

__all__ = ["CANONICAL_VERSION", "canonical_url", "is_web_url"]

CANONICAL_VERSION = 1
"""Version of the rules; other results are another version, because identities hang on them."""

_DEFAULT_PORTS = {"http": "80", "https": "443"}

_TRACKING_PREFIXES = ("utm_",)

_TRACKING_NAMES = frozenset(
    (
        # click identifiers of advertisers and networks
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid"),
        *(
            "ttclid",
            "igshid",
            "igsh",
            "li_fat_id",
            "_openstat",
            "wickedid",
            "rb_clickid",
            "scclid",
            "srsltid",
        ),
        # newsletters and marketing tools
        *("mc_cid", "mc_eid", "_hsenc", "_hsmi", "__hssc", "__hstc", "hsctatracking", "mkt_tok", "vero_id"),
        *("oly_anon_id", "oly_enc_id", "_ga", "_gl", "guccounter", "guce_referrer", "guce_referrer_sig"),
        # campaign parameters of analytics that news sites put into their feeds
        *("at_medium", "at_campaign", "at_custom1", "at_custom2", "at_custom3", "at_custom4", "xtor"),
        *("ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee", "__twitter_impression"),
        *("mtm_campaign", "mtm_source", "mtm_medium", "mtm_keyword", "pk_campaign", "pk_source", "pk_medium"),
        *("pk_kwd", "piwik_campaign", "piwik_kwd"),
    )
)

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SUB_DELIMITERS = frozenset(b"!$&'()*+,;=")
_PATH = _UNRESERVED | _SUB_DELIMITERS | frozenset(b":@/")
_QUERY = _PATH | frozenset(b"?")

# The generic syntax of RFC 3986, appendix B. The library's `urlsplit` is not used: it has changed between
# versions of Python, and identities must not.
_PARTS = re.compile(r"(?s)([^:/?#]+)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?")
_ESCAPE_OR_CHARACTER = re.compile(rb"(?s)%([0-9A-Fa-f]{2})|.")
_USER_INFO = re.compile(r"(?s)^([^/?#]*//)[^/?#]*@")
_EDGES = "".join(map(chr, range(0x21)))
_FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20\x7f/?#@:\[\]%\\<>^|\"`{}]")


def canonical_url(url: str) -> str:
    """Bring a web address into the form that its identity is made from.

    Lower-case scheme and host, internationalised hosts in ASCII, no user name or password, no default port,
    no dot segments, percent-encoding normalised (RFC 3986, 6.2.2), no fragment, no tracking parameters; the
    order of the rest of the query, trailing slashes and the choice between http and https are kept.

    Args:
        url: Any text.

    Returns:
        The canonical form; for what is no address of http or https the text itself, without white space
        around it and without user name and password. Applying the function again changes nothing.
    """
    text = url.strip(_EDGES)
    compact = re.sub(r"[\t\r\n]", "", text)
    match = _PARTS.fullmatch(compact)
    if match is None or match[1].lower() not in _DEFAULT_PORTS:
        return _fallback(text)
    scheme = match[1].lower()
    authority = _authority(match[2], _DEFAULT_PORTS[scheme])
    if authority is None:
        return _fallback(text)
    path = _without_dots(_encode(match[3], _PATH)) or "/"
    query = _query(match[4] or "")
    return f"{scheme}://{authority}{path}{'?' if query else ''}{query}"


def is_web_url(canonical: str) -> bool:
    """Whether a canonical form is an address of http or https, and not text that was left alone."""
    match = _PARTS.fullmatch(canonical)
    return match is not None and match[1] in _DEFAULT_PORTS and canonical_url(canonical) == canonical


def _fallback(text: str) -> str:
    return _USER_INFO.sub(r"\1", text).strip(_EDGES)


def _authority(authority: str, default_port: str) -> str | None:
    host_and_port = authority.rpartition("@")[2]
    match = re.fullmatch(r"(?s)(\[[0-9A-Fa-f:.]+\]|[^:]*)(?::([0-9]*))?", host_and_port)
    if match is None:
        return None
    host = match[1].lower() if match[1].startswith("[") else _host(match[1])
    if host is None:
        return None
    port = (match[2] or "").lstrip("0")
    return host if port in ("", default_port) else f"{host}:{port}"


def _host(host: str) -> str | None:
    if "%" in host:
        try:
            host = _unescape(host.encode()).decode()
        except UnicodeError:
            return None
    # Compatibility forms (full-width letters and the like) stand for the plain ones, as in browsers.
    host = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", host).lower())
    host = host.replace("\u3002", ".").removesuffix(".")
    if not host or _FORBIDDEN_IN_HOST.search(host):
        return None
    try:
        return ".".join(map(_label, host.split(".")))
    except UnicodeError:
        return None


def _label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _unescape(text: bytes) -> bytes:
    return _ESCAPE_OR_CHARACTER.sub(
        lambda found: bytes.fromhex(found[1].decode()) if found[1] else found[0], text
    )


def _encode(text: str, allowed: frozenset[int]) -> str:
    def replace(found: re.Match[bytes]) -> bytes:
        byte = int(found[1], 16) if found[1] else found[0][0]
        if byte in _UNRESERVED or (not found[1] and byte in allowed):
            return bytes((byte,))
        return b"%%%02X" % byte

    return _ESCAPE_OR_CHARACTER.sub(replace, text.encode("utf-8", "surrogatepass")).decode("ascii")


def _without_dots(path: str) -> str:
    """Remove dot segments (RFC 3986, 5.2.4) from a path that is empty or begins with a slash."""
    kept: list[str] = []
    segments = path.split("/")
    for position, segment in enumerate(segments):
        last = position == len(segments) - 1
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        if segment in (".", ".."):
            if last:
                kept.append("")
        else:
            kept.append(segment)
    return "/".join(kept)


def _query(query: str) -> str:
    return "&".join(part for part in _encode(query, _QUERY).split("&") if part and not _is_tracking(part))


def _is_tracking(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)
