"""
Hosts that no Service has, and how certain that is; ports that a Service does not have.

An input seldom holds all of a cluster, so a name is an error where nothing of the application
stands outside, where the namespace has one that is nearly the same, where it has Services and the
only one of that name is in another namespace, or where the name can be nothing but a Service.
"""

import msgspec

from mooring.check.bundle import Bundle
from mooring.check.dialling import Dialled
from mooring.compose.suggest import did_you_mean


class Unresolved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A host that does not resolve; ``told`` says so, to be read after the host.

    ``remedy`` is None where nothing like it is there.
    """

    told: str
    remedy: str | None
    is_certain: bool


def unresolved(bundle: Bundle, one: Dialled) -> Unresolved | None:
    """Return what is wrong with the host of ``one``, None where it may well resolve."""
    names = bundle.names
    if one.service is None or names.service(one.namespace, one.service) is not None:
        return None
    if names.is_known_otherwise(one) or names.may_be_made(one.namespace, one.service):
        return None
    if names.may_be_here(one.namespace, one.service):
        return None
    elsewhere = names.elsewhere(one.service) if not one.is_certain else None
    # A namespace of which nothing is known may hold anything.
    if one.namespace not in names.namespaces and elsewhere is None:
        return None
    near = did_you_mean(one.service, names.names(one.namespace))
    where = f" in the namespace {one.namespace}" if one.namespace else ""
    told = f"no Service is called {one.service}{where}"
    if elsewhere is not None:
        told += f", though one is in {elsewhere}"
        remedy: str | None = f"dial {one.service}.{elsewhere}"
    else:
        remedy = near
    is_here = one.namespace in names.namespaces
    certain = (
        near is not None
        or (elsewhere is not None and is_here)
        or one.is_certain
        or bundle.is_closed
    )
    return Unresolved(told=told, remedy=remedy, is_certain=bundle.is_whole and certain)


def other_ports(bundle: Bundle, one: Dialled) -> list[int] | None:
    """
    Return the ports of the Service that ``one`` dials, where its own is not among them.

    None where it is, and of a Service that passes on whatever is dialled.
    """
    port = one.address.dialled_port
    if one.service is None or port is None:
        return None
    service = bundle.names.service(one.namespace, one.service)
    if service is None or service.is_headless or service.external_name is not None:
        return None
    ports = [each.number for each in service.ports]
    return None if port in ports else ports
