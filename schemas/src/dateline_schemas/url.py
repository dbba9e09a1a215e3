"""The canonical form of a URL, from which ids are computed."""

import re
import unicodedata

__all__ = ["CANONICAL_VERSION", "canonical_url", "canonical_web_url"]

CANONICAL_VERSION = 1
"""Version of the rules; any change of results is a new version, because ids depend on them."""

DEFAULT_PORTS = {"http": "80", "https": "443"}

TRACKING_PREFIXES = ("utm_",)

TRACKING_NAMES = frozenset(
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

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
# The parts of a path or a query that may change: an escape, or a byte that has to be escaped.
PATH = re.compile(rb"%([0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/-]")
QUERY = re.compile(rb"%([0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/?-]")
MAX_HOST = 253

# The generic syntax of RFC 3986, appendix B. `urlsplit` of the standard library has changed between versions of
# Python, and ids must not.
PARTS = re.compile(r"(?s)([^:/?#]+)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?")
USER_INFO = re.compile(r"(?s)^([^/?#]*//)[^/?#]*@")
EDGES = "".join(map(chr, range(0x21)))
FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20\x7f/?#@:\[\]%\\<>^|\"`{}]")


def canonical_url(url: str) -> str:
    """Return the canonical form of a web address.

    Scheme and host are lower case, internationalised hosts are in ASCII, and percent-encoding is normalised (RFC 3986,
    6.2.2). User name, password, default port, dot segments, fragment and tracking parameters are removed. The order of
    the remaining query, trailing slashes and the choice between http and https are kept.

    Args:
        url: any text.

    Returns:
        the canonical form; if the text is not an address of http or https, the text itself without surrounding white
        space, user name and password. Applying the function again changes nothing.
    """
    return canonical_web_url(url) or USER_INFO.sub(r"\1", url.strip(EDGES)).strip(EDGES)


def canonical_web_url(url: str) -> str | None:
    """Return the canonical form like `canonical_url`, or None if `url` is not an http or https address with a host."""
    match = PARTS.fullmatch(re.sub(r"[\t\r\n]", "", url.strip(EDGES)))
    scheme = match[1].lower() if match else ""
    if match is None or scheme not in DEFAULT_PORTS:
        return None
    authority = _authority(match[2], DEFAULT_PORTS[scheme])
    if authority is None:
        return None
    path = _without_dots(_encode(match[3], PATH)) or "/"
    query = _query(match[4] or "")
    return f"{scheme}://{authority}{path}{'?' if query else ''}{query}"


def _authority(authority: str, default_port: str) -> str | None:
    host_and_port = authority.rpartition("@")[2]
    match = re.fullmatch(r"(?s)(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::([0-9]*))?", host_and_port)
    if match is None:
        return None
    host = match[1].lower() if match[1].startswith("[") else _host(match[1])
    if host is None:
        return None
    port = match[2] and (match[2].lstrip("0") or "0")
    return host if port in (None, "", default_port) else f"{host}:{port}"


def _host(host: str) -> str | None:
    # Longer than any host; encoding it would take quadratic time.
    if len(host) > MAX_HOST:
        return None
    if "%" in host:
        try:
            host = _unescape(host.encode()).decode()
        except UnicodeError:
            return None
    # Compatibility forms, such as full-width letters, are equal to the plain ones, as in browsers.
    host = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", host).lower())
    host = host.replace("\u3002", ".").rstrip(".")
    if not host or FORBIDDEN_IN_HOST.search(host):
        return None
    try:
        return ".".join(map(_label, host.split(".")))
    except UnicodeError:
        return None


def _label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _unescape(text: bytes) -> bytes:
    return ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), text)


def _encode(text: str, pattern: re.Pattern[bytes]) -> str:
    def normal(found: re.Match[bytes]) -> bytes:
        byte = int(found[1], 16) if found[1] else found[0][0]
        return bytes((byte,)) if byte in UNRESERVED else b"%%%02X" % byte

    return pattern.sub(normal, text.encode("utf-8", "surrogatepass")).decode("ascii")


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
    return "&".join(part for part in _encode(query, QUERY).split("&") if part and not _is_tracking(part))


def _is_tracking(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)
