"""Which ingress controller serves an ingress class, as far as its name tells."""

from enum import StrEnum


class Controller(StrEnum):
    """Controllers whose annotations are known."""

    NGINX = "ingress-nginx"
    TRAEFIK = "traefik"
    UNKNOWN = "unknown"


def controller(ingress_class: str | None) -> Controller:
    """
    Return the controller behind ``ingress_class``: by the name that its own chart gives the class.

    Teams put a word before or after it, as in "nginx-internal".
    """
    words = (ingress_class or "").replace(".", "-").split("-")
    if "nginx" in words:
        return Controller.NGINX
    return Controller.TRAEFIK if "traefik" in words else Controller.UNKNOWN
