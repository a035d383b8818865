"""Who may read what at the desk behind a proxy that signs people in: ``[serve]`` of the configuration."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
EVERYTHING, EDIT = "everything", "edit"
_RATE = 20.0
_HOST = re.compile(r"[a-z0-9.-]+(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_KEYS = {"hosts", "identity-header", "proxies", "rate", "readers"}


@dataclass(frozen=True, slots=True)
class Proxied:
    """A proxy that signs people in.

    - ``hosts``: the names under which it serves
    - ``header``: the header in which it names the reader; only believed from the networks in ``proxies``
    - ``readers``: the permission of each reader by the name in the header: ``everything``, ``edit`` (which includes
      reading everything), or the id or name of an organisation, whose part is then all that they see
    - ``rate``: how many requests a second each reader may make, over ten seconds
    """

    hosts: tuple[str, ...]
    header: str
    proxies: tuple[Network, ...]
    readers: Mapping[str, str] = field(default_factory=dict)
    rate: float = _RATE

    @classmethod
    def of(cls, value: Any) -> Proxied:
        """From the value in the configuration. Raises ValueError and TypeError."""
        if not isinstance(value, dict) or set(value) - _KEYS:
            raise TypeError(value)
        header, hosts, proxies = value["identity-header"], value["hosts"], value["proxies"]
        if not isinstance(hosts, list) or not isinstance(proxies, list) or not hosts or not proxies:
            raise TypeError(value)
        if not isinstance(header, str) or not _HEADER.fullmatch(header):
            raise ValueError(header)
        names = tuple(str(host).lower() for host in hosts)
        if not all(_HOST.fullmatch(name) for name in names):
            raise ValueError(hosts)
        readers = value.get("readers", {})
        if not isinstance(readers, dict) or not all(isinstance(reader, str) and reader for reader in readers.values()):
            raise TypeError(readers)
        rate = value.get("rate", _RATE)
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0.1 <= rate <= 1e6:
            raise ValueError(rate)
        return cls(names, header.lower(), tuple(ipaddress.ip_network(proxy) for proxy in proxies), dict(readers), rate)

    def trusts(self, address: str) -> bool:
        """Whether a client's address is that of a proxy."""
        try:
            here = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(here in network for network in self.proxies)
