"""What makes two submits the same: the digest of a request."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["digest", "normalised"]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_VERSION = re.compile(r'"@version":\s*(?:"[^"]*"|null)')


def normalised(flow_json: str) -> str:
    """Return a jobflow Flow's JSON without what differs between two builds of the same Flow.

    Each build draws new uuids, which are numbered here in the order in which they appear, and names the
    versions of the packages that made it.
    """
    numbers: dict[str, str] = {}
    text = _UUID.sub(lambda found: numbers.setdefault(found[0], f"uuid-{len(numbers)}"), flow_json)
    return _VERSION.sub('"@version": ""', text)


def digest(
    *,
    flow_json: str,
    template: str,
    overrides: Mapping[str, object],
    code: str | None,
    resources: Mapping[str, object],
) -> str:
    """Return 32 hexadecimal digits that are equal for equal requests; label and key do not count."""
    rest = json.dumps([template, dict(overrides), code, dict(resources)], sort_keys=True, default=str)
    return hashlib.blake2b(f"{normalised(flow_json)}\n{rest}".encode(), digest_size=16).hexdigest()
