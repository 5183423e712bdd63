"""What the guards read from a request before Airflow sees it."""

import ipaddress

from starlette.types import Scope

# Whoever has one address of IPv6 has all that share its first half.
IPV6_PREFIX = 64


def path_of(scope: Scope) -> str:
    """Return the path of a request below the path of `[api] base_url`."""
    path, root = scope["path"], scope.get("root_path", "")
    return path.removeprefix(root) if path.startswith(f"{root}/") else path


def origin_of(scope: Scope) -> str:
    """Return whom a request comes from: an address of IPv4, a network of IPv6, or what the server calls it.

    Behind a proxy this is the proxy, unless the API server runs with `--proxy-headers` and trusts it
    (`FORWARDED_ALLOW_IPS`).
    """
    host = (scope.get("client") or ("unknown",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
