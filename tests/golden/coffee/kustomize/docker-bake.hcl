# Images that the stack builds.  Run it in the folder of the Compose files:
#   docker buildx bake -f <this file> --push production

group "dev" {
  targets = ["web", "api-dev", "order-worker", "migrate"]
}

group "staging" {
  targets = ["web", "order-worker", "migrate", "api"]
}

group "production" {
  targets = ["web", "order-worker", "migrate", "api"]
}

target "web" {
  context    = "services/web"
  dockerfile = "Dockerfile"
  tags       = ["registry.example.com/coffee/web:1.4.0"]
}

target "api-dev" {
  context    = "services/backend"
  dockerfile = "Dockerfile"
  target     = "api-dev"
  tags       = ["registry.example.com/coffee/api-dev:1.4.0"]
}

target "order-worker" {
  context    = "services/backend"
  dockerfile = "Dockerfile"
  target     = "worker"
  tags       = ["registry.example.com/coffee/worker:1.4.0"]
}

target "migrate" {
  context    = "services/migrate"
  dockerfile = "Dockerfile"
  tags       = ["registry.example.com/coffee/migrate:1.4.0"]
}

target "api" {
  context    = "services/backend"
  dockerfile = "Dockerfile"
  target     = "api"
  tags       = ["registry.example.com/coffee/api:1.4.0"]
}

