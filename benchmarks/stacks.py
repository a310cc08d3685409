"""
Compose stacks of any size for measurements, always the same for the same size.

A stack is made of groups of twelve services as teams have them: a gateway, a front end, an API
with workers and a migration, a database, a cache, a broker, a search engine, mail, metrics.  A
service has 20 values on average (the real stacks that we know have 16): health checks, conditions
of dependencies, env files, interpolation, secrets, configs, named volumes, bound files, build
contexts, YAML anchors and merge keys, long and short forms.
"""

import re
from pathlib import Path

_HEAD = """\
name: bench

x-application: &application
  restart: unless-stopped
  stop_grace_period: 20s
  logging:
    driver: json-file
    options: {max-size: "10m"}
  networks: [back]

x-check: &check
  interval: 10s
  timeout: 5s
  retries: 6
  start_period: 20s

services:
"""

_SERVICES = (
    """\
  db{s}:
    image: postgres:17
    restart: always
    networks: [back]
    environment:
      POSTGRES_USER: app
      POSTGRES_DB: app
      POSTGRES_PASSWORD: ${{DATABASE_PASSWORD}}
    volumes: ["db-data{s}:/var/lib/postgresql/data"]
    shm_size: 256m
    stop_grace_period: 1m
    healthcheck:
      <<: *check
      test: ["CMD-SHELL", "pg_isready -U app"]
""",
    """\
  cache{s}:
    image: redis:7-alpine
    restart: always
    networks: [back]
    command: redis-server --maxmemory 100mb --maxmemory-policy allkeys-lru
    expose: [6379]
    tmpfs: [/tmp]
""",
    """\
  broker{s}:
    image: rabbitmq:4
    hostname: broker{s}
    restart: always
    networks: [back]
    ports: ["{port}3:15672"]
    expose: ["5672"]
    volumes: ["broker-data{s}:/var/lib/rabbitmq"]
    healthcheck:
      <<: *check
      test: ["CMD", "rabbitmq-diagnostics", "-q", "ping"]
""",
    """\
  search{s}:
    image: opensearchproject/opensearch:2.19.0
    networks: [back]
    environment:
      - discovery.type=single-node
      - OPENSEARCH_JAVA_OPTS=-Xms512m -Xmx512m
      - DISABLE_SECURITY_PLUGIN=true
    volumes:
      - type: volume
        source: search-data{s}
        target: /usr/share/opensearch/data
    expose: ["9200"]
    deploy:
      resources:
        limits: {{memory: 1G}}
""",
    """\
  mail{s}:
    image: axllent/mailpit:v1.21
    networks: [back]
    ports: ["{port}4:8025"]
    expose: ["1025"]
    environment: {{MP_MAX_MESSAGES: 500}}
""",
    """\
  metrics{s}:
    image: prom/prometheus:v3.1.0
    restart: unless-stopped
    networks: [back]
    user: "65534"
    cap_drop: [ALL]
    ports: ["{port}5:9090"]
    command: ["--config.file=/etc/prometheus.yml", "--storage.tsdb.retention.time=15d"]
    configs:
      - source: metrics
        target: /etc/prometheus.yml
    volumes: ["metrics-data{s}:/prometheus"]
""",
    """\
  migrate{s}:
    build: ./group{g}/migrate
    image: ${{REGISTRY}}/migrate{s}:${{TAG:-1.0}}
    restart: "no"
    networks: [back]
    command: ["python", "-m", "app.migrate"]
    environment:
      DATABASE_URL: postgres://app:${{DATABASE_PASSWORD}}@db{s}:5432/app
    depends_on:
      db{s}: {{condition: service_healthy}}
""",
    """\
  api{s}:
    <<: *application
    build: ./group{g}/api
    image: ${{REGISTRY}}/api{s}:${{TAG:-1.0}}
    ports: ["{port}2:8080"]
    env_file: ./group{g}/api.env
    environment:
      DATABASE_URL: postgres://app:${{DATABASE_PASSWORD}}@db{s}:5432/app
      CACHE_URL: redis://cache{s}:6379/0
      BROKER_URL: amqp://broker{s}:5672
      LOG_LEVEL: ${{LOG_LEVEL:-info}}
      WORKERS: 4
    secrets: [signing_key]
    depends_on:
      db{s}: {{condition: service_healthy}}
      cache{s}: {{condition: service_started}}
    healthcheck:
      <<: *check
      test: curl -fsS http://localhost:8080/health || exit 1
    deploy:
      replicas: 2
      resources:
        limits: {{cpus: "0.50", memory: 256M}}
        reservations: {{memory: 128M}}
""",
    """\
  web{s}:
    <<: *application
    build:
      context: ./group{g}/web
      args: {{API_URL: "http://api{s}:8080"}}
    image: ${{REGISTRY}}/web{s}:${{TAG:-1.0}}
    expose: ["3000"]
    environment:
      NODE_ENV: production
      API_URL: http://api{s}:8080
    healthcheck:
      <<: *check
      test: ["CMD", "wget", "-q", "--spider", "http://localhost:3000/health"]
""",
    """\
  worker{s}:
    <<: *application
    image: ${{REGISTRY}}/api{s}:${{TAG:-1.0}}
    command: ["python", "-m", "app.worker", "--queue", "default"]
    env_file: ./group{g}/api.env
    environment: [BROKER_URL=amqp://broker{s}:5672, CONCURRENCY=8]
    depends_on:
      broker{s}: {{condition: service_healthy}}
    deploy: {{replicas: 3}}
""",
    """\
  scheduler{s}:
    <<: *application
    image: ${{REGISTRY}}/api{s}:${{TAG:-1.0}}
    command: python -m app.scheduler --every 60
    environment: [BROKER_URL=amqp://broker{s}:5672]
    depends_on: [broker{s}]
""",
    """\
  gateway{s}:
    image: nginx:1.27-alpine
    restart: always
    ports: ["{port}0:80", "127.0.0.1:{port}1:8081"]
    networks: [front, back]
    volumes: ["./group{g}/gateway.conf:/etc/nginx/nginx.conf:ro"]
    depends_on: [web{s}, api{s}]
    labels:
      com.example.team: edge
""",
)
"""In the order of their dependencies, so that a group may end after any of them."""

_TAIL = """\
networks:
  front:
  back:
secrets:
  signing_key:
    file: ./signing_key.txt
configs:
  metrics:
    file: ./prometheus.yml
"""

_FILES = {
    ".env": "REGISTRY=registry.example.com/bench\nTAG=2.1\nDATABASE_PASSWORD=correct-horse\n",
    "signing_key.txt": "not a key\n",
    "prometheus.yml": "scrape_configs:\n- job_name: api\n  static_configs: []\n",
}

_FILES_OF_GROUP = {
    "gateway.conf": "events {}\nhttp { server { listen 80; location / { return 200; } } }\n",
    "api.env": "FEATURES=search,mail\nSENTRY_DSN=\nSESSION_SECRET=battery-staple\n",
    "web/Dockerfile": "FROM node:22-alpine\nEXPOSE 3000\nUSER node\nCMD node server.js\n",
    "api/Dockerfile": 'FROM python:3.13-slim\nEXPOSE 8080\nUSER 1000\nENTRYPOINT ["python"]\n',
    "migrate/Dockerfile": 'FROM python:3.13-slim\nUSER 1000\nENTRYPOINT ["python"]\n',
}


def write(services: int, folder: Path) -> Path:
    """Write the stack of ``services`` services below ``folder`` and return its Compose file."""
    files = {**_FILES, "compose.yaml": compose(services)}
    for group in range(-(-services // len(_SERVICES))):
        files |= {f"group{group}/{name}": text for name, text in _FILES_OF_GROUP.items()}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "compose.yaml"


def compose(services: int) -> str:
    """Return the Compose file of ``services`` services."""
    defined = []
    for index in range(services):
        group, kind = divmod(index, len(_SERVICES))
        suffix = f"-{group}" if group else ""
        defined.append(_SERVICES[kind].format(s=suffix, g=group, port=100 + group))
    text = "".join(defined)
    volumes = "".join(f"  {name}:\n" for name in _volume_names(text))
    return f"{_HEAD}{text}volumes:\n{volumes}{_TAIL}"


def _volume_names(text: str) -> list[str]:
    return re.findall(r"\b(?:db|broker|search|metrics)-data(?:-[0-9]+)?\b", text)
