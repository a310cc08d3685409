"""Values that still hold what their template says are asked for, each once and where it stands."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

from mooring.settings.choices import Choices, Secrecy, ServiceChoices
from mooring.translate.unfilled import before_nobodys_domain, is_unfilled


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("<your-postgres-host>", True, id="in-angle-brackets"),
        pytest.param("smtp://<your host>:25", True, id="inside-of-an-address"),
        pytest.param("CHANGE_ME", True, id="to-be-changed"),
        pytest.param("your-client-id", True, id="yours"),
        pytest.param("https://cloud.yourdomain.com/x", True, id="a-domain-of-nobody"),
        pytest.param("ops@your-company.com", True, id="an-address-of-nobody"),
        pytest.param("xxx", True, id="crosses"),
        pytest.param("https://shop.example.com", False, id="a-domain-of-documentation"),
        pytest.param("Tell us your domain, please", False, id="a-sentence-that-names-it"),
        pytest.param("Is this your first visit?", False, id="a-sentence"),
        pytest.param("<b>Hello</b>", False, id="markup"),
        pytest.param("changelog", False, id="a-word-that-begins-alike"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_what_is_not_filled_in(value: str, expected: bool) -> None:
    assert is_unfilled(value) is expected


@pytest.mark.parametrize(
    ("host", "before"),
    [
        pytest.param("cloud.yourdomain.com", "cloud", id="a-label-before-it"),
        pytest.param("a.b.your-domain.co.uk", "a.b", id="several"),
        pytest.param("yourdomain.com", "", id="the-domain-itself"),
        pytest.param("shop.example.com", None, id="another-domain"),
        pytest.param("yourdomain", None, id="a-label-alone"),
        pytest.param("yourdomains.com", None, id="another-word"),
    ],
)
def test_what_stands_before_a_domain_of_nobody(host: str, before: str | None) -> None:
    assert before_nobodys_domain(host) == before


@pytest.mark.parametrize(
    ("compose", "files", "asked"),
    [
        pytest.param(
            "services: {api: {image: a, environment: {PUBLIC: 'https://yourdomain.com'}}}",
            {},
            [
                "services.api.environment.PUBLIC: PUBLIC of api still holds what its template says "
                '"https://yourdomain.com" -> services: {api: {environment: {PUBLIC: <value>}}}'
            ],
            id="in-the-compose-file",
        ),
        pytest.param(
            "services: {api: {image: a, env_file: app.env}, web: {image: b, env_file: app.env}}",
            {"app.env": "CLIENT_ID=<your-client-id>\n"},
            [
                "variables.CLIENT_ID: CLIENT_ID of api, web still holds what its template says "
                '"<your-client-id>" -> CLIENT_ID=<value> in app.env'
            ],
            id="in-an-env-file-that-several-read",
        ),
        pytest.param(
            "services: {api: {image: a, environment: {URL: 'https://api.${DOMAIN}', D: $DOMAIN}}}",
            {".env": "DOMAIN=yourdomain.com\n"},
            [
                "variables.DOMAIN: DOMAIN of api still holds what its template says "
                '"yourdomain.com" -> DOMAIN=<value> in .env'
            ],
            id="a-variable-is-asked-for-and-not-what-is-made-of-it",
        ),
        pytest.param(
            "services: {api: {image: a, env_file: app.env}}",
            {"app.env": "HOST_NAME=<your-host>\nURL=http://${HOST_NAME}/\n"},
            [
                "variables.HOST_NAME: HOST_NAME of api still holds what its template says "
                '"<your-host>" -> HOST_NAME=<value> in app.env'
            ],
            id="a-setting-of-the-env-file-and-not-what-is-made-of-it",
        ),
        pytest.param(
            "services: {api: {image: a, environment: {DATABASE_URL: "
            "'postgres://app:h8Gf4aQ2zP@<your-host>/app'}}}",
            {},
            [
                "services.api.environment.DATABASE_URL: DATABASE_URL of api still holds what its "
                "template says -> DATABASE_URL=<value> in environments/<environment>/secrets.env"
            ],
            id="of-a-secret-no-value-is-told",
        ),
        pytest.param(
            "services: {api: {image: a, environment: {DATABASE_URL: "
            "'postgres://app:${PASSWORD}@<your-host>/app'}}}",
            {".env": "PASSWORD=h8Gf4aQ2zP\n"},
            [
                "services.api.environment.DATABASE_URL: DATABASE_URL of api still holds what its "
                "template says -> correct DATABASE_URL, in compose.yaml:1"
            ],
            id="what-is-composed-of-a-secret-is-corrected-where-it-stands",
        ),
        pytest.param(
            "services: {api: {image: a, environment: {API_TOKEN: <your-token>}}}",
            {},
            [],
            id="a-secret-that-nobody-chose-is-asked-for-elsewhere",
        ),
        pytest.param(
            "services: {web: {image: a, environment: {VIRTUAL_HOST: cloud.yourdomain.com}}}",
            {},
            [],
            id="the-domain-of-a-route-is-asked-for-elsewhere",
        ),
    ],
)
def test_what_is_asked(
    tmp_path: Path, compose: str, files: dict[str, str], asked: list[str]
) -> None:
    made = translation(tmp_path, compose, files)
    assert [
        f"{one.subject}: {one.question} -> {one.answer}"
        for one in made.questions
        if "template" in one.question
    ] == asked


def test_what_is_settled_to_be_no_secret_is_asked_for_like_others(tmp_path: Path) -> None:
    compose = "services: {api: {image: a, environment: {API_TOKEN: <your-token>}}}"
    plain = Choices(services={"api": ServiceChoices(settings={"API_TOKEN": Secrecy.PLAIN})})
    made = translation(tmp_path, compose, choices=plain)
    assert [one.subject for one in made.questions if "template" in one.question] == [
        "services.api.environment.API_TOKEN"
    ]
