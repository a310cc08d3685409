"""The answer to a question names the key under which the secret stands."""

from tests.generate.support import application, container, workload

from mooring.app.configuration import Setting
from mooring.decisions import OpenQuestion
from mooring.generate.secret_keys import with_keys
from mooring.sensitive import Sensitive


def _question(service: str) -> OpenQuestion:
    return OpenQuestion(
        subject=f"services.{service}.environment.URL", question="?", answer="URL=<value> in x"
    )


def test_a_value_of_its_own_has_a_key_of_its_own() -> None:
    parts = [
        workload(name, container(name, settings=(Setting(name="URL", value=Sensitive(value)),)))
        for name, value in (("web", "1"), ("api", "2"), ("job", "1"))
    ]
    asked = tuple(map(_question, ("web", "api", "job")))
    answers = [one.answer for one in with_keys(asked, application(*parts))]
    assert answers == ["URL=<value> in x", "API_URL=<value> in x", "URL=<value> in x"]
