"""Why a request is not answered as asked: it breaks the contract, or it asks for something that can't be done here."""

from __future__ import annotations


class Malformed(Exception):
    """The request breaks the contract: answered by ``rejected``. ``path`` says where, from the line's type inwards."""

    def __init__(self, text: str, path: str = "") -> None:
        super().__init__(f"{path}: {text}" if path else text)
        self.text, self.path = text, path

    def under(self, parent: str) -> Malformed:
        """The same, seen from one level up."""
        joint = "." if self.path and not self.path.startswith("[") else ""
        return Malformed(self.text, f"{parent}{joint}{self.path}")


class CantDo(Exception):
    """The request is good but beyond this program or its library: answered by ``unsupported``."""

    def __init__(self, feature: str, reason: str) -> None:
        super().__init__(f"{feature}: {reason}")
        self.feature, self.reason = feature, reason
