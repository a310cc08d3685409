"""Mounts that services take over from others (`volumes_from`), whoever lends to whom first."""

import msgspec

from mooring.translate.attributes import volumes_from
from mooring.translate.mounts import Mounts
from mooring.translate.notes import Notes
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView


def with_loans(
    translated: dict[str, TranslatedService], views: dict[str, ServiceView], notes: Notes
) -> dict[str, TranslatedService]:
    """Return the services with the mounts that they take over from others (`volumes_from`)."""
    loans = {
        name: found
        for name, view in views.items()
        if (found := notes.take(volumes_from.translate(view)))
    }
    if not loans:
        return translated
    done: dict[str, TranslatedService] = {}

    def complete(name: str) -> TranslatedService:
        if name not in done:
            done[name] = own = translated[name]
            taken = []
            for loan in loans.get(name, ()):
                if loan.lender in translated:
                    lender = complete(loan.lender)
                    lent = Mounts(storages=lender.storages, documents=lender.documents)
                    taken.append(volumes_from.borrowed(loan, lender.container, lent))
            container, mounts = volumes_from.with_borrowed(
                own.container, own.storages, own.documents, tuple(taken)
            )
            done[name] = msgspec.structs.replace(
                own, container=container, storages=mounts.storages, documents=mounts.documents
            )
        return done[name]

    return {name: complete(name) for name in translated}
