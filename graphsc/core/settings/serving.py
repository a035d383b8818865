"""Who may read what at the desk behind a proxy that signs people in: ``[serve]`` of the configuration."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphsc.core.problems import Unavailable
from graphsc.core.text import Text

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
EVERYTHING, EDIT = "everything", "edit"
_RATE = 20.0
_HOST = re.compile(r"[a-z0-9.-]+(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_KEYS = {"hosts", "identity-header", "proxies", "rate", "readers", "secret-file"}
_SECRET = re.compile(rb"[!-~]{20,200}")


@dataclass(frozen=True, slots=True)
class Proxied:
    """A proxy that signs people in.

    - ``hosts``: the names under which it serves
    - ``header``: the header in which it names the reader; only believed from the networks in ``proxies``, with the secret
    - ``secret_file``: the file of the secret that the proxy sends along, since every program on its machine can send headers
    - ``readers``: the permission of each reader by the name in the header: ``everything``, ``edit`` (which includes
      reading everything), or the id or name of an organisation, whose part is then all that they see
    - ``rate``: how many requests a second each reader may make, over ten seconds
    """

    hosts: tuple[str, ...]
    header: str
    secret_file: Path
    proxies: tuple[Network, ...]
    readers: Mapping[str, str] = field(default_factory=dict)
    rate: float = _RATE

    @classmethod
    def of(cls, value: Any) -> Proxied:
        """From the value in the configuration. Raises ValueError and TypeError."""
        if not isinstance(value, dict) or set(value) - _KEYS:
            raise TypeError(value)
        header, hosts, proxies = value["identity-header"], value["hosts"], value["proxies"]
        secret_file = value["secret-file"]
        if not isinstance(hosts, list) or not isinstance(proxies, list) or not hosts or not proxies:
            raise TypeError(value)
        if not isinstance(header, str) or not _HEADER.fullmatch(header):
            raise ValueError(header)
        if not isinstance(secret_file, str) or not secret_file or "\0" in secret_file:
            raise ValueError(secret_file)
        names = tuple(str(host).lower() for host in hosts)
        if not all(_HOST.fullmatch(name) for name in names):
            raise ValueError(hosts)
        readers = value.get("readers", {})
        if not isinstance(readers, dict) or not all(isinstance(reader, str) and reader for reader in readers.values()):
            raise TypeError(readers)
        rate = value.get("rate", _RATE)
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0.1 <= rate <= 1e6:
            raise ValueError(rate)
        networks = tuple(ipaddress.ip_network(proxy) for proxy in proxies)
        return cls(names, header.lower(), Path(secret_file), networks, dict(readers), rate)

    def secret(self) -> bytes:
        """The secret that the proxy sends along. Raises Unavailable where the file has none, OSError where it cannot be read."""
        secret = self.secret_file.read_bytes().strip()
        if not _SECRET.fullmatch(secret):
            raise Unavailable(
                Text(
                    f"{self.secret_file.as_posix()} skal indeholde den hemmelighed, som proxyen sender: 20 til 200 tegn uden mellemrum.",
                    f"{self.secret_file.as_posix()} must hold the secret that the proxy sends: 20 to 200 characters without spaces.",
                )
            )
        return secret

    def trusts(self, address: str) -> bool:
        """Whether a client's address is that of a proxy."""
        try:
            here = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(here in network for network in self.proxies)
