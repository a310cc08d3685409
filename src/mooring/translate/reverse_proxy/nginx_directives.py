"""
Which directives of nginx an Ingress makes superfluous, and which it cannot say.

What is in neither list counts as one that it cannot say.
"""

from mooring.translate.reverse_proxy.config import Does
from mooring.translate.reverse_proxy.nginx_syntax import Directive

HANDLERS = {
    "proxy_pass": Does.PROXIES,
    "grpc_pass": Does.PROXIES,
    "fastcgi_pass": Does.OTHER,
    "uwsgi_pass": Does.OTHER,
    "scgi_pass": Does.OTHER,
    "memcached_pass": Does.OTHER,
    "stub_status": Does.ANSWERS,
    "empty_gif": Does.ANSWERS,
    "content_by_lua_block": Does.OTHER,
    "content_by_lua_file": Does.OTHER,
    "js_content": Does.OTHER,
}
"""What produces the answer of a location."""

SERVES_FILES = frozenset({"root", "alias", "try_files", "index", "autoindex", "gzip_static"})

PLAIN_HEADERS = frozenset(
    {"host", "x-real-ip", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host",
     "x-forwarded-port", "x-forwarded-server", "x-forwarded-ssl", "x-forwarded-scheme",
     "x-scheme", "x-original-uri", "x-original-url", "x-request-id", "x-nginx-proxy", "upgrade",
     "connection", "accept-encoding", "origin", "forwarded", "proxy", "x-client-verify", "te",
     "x-forwarded-uri", "x-url-scheme", "referer", "user-agent", "cookie", "authorization",
     "content-type", "content-length", "range", "if-range"}
)  # fmt: skip
"""Headers to a backend that every ingress controller sends, or passes on, by itself."""

OF_THE_CLIENT = frozenset({"host", "authorization", "cookie", "origin", "referer"})
"""Of these, what is the client's own word: a value that is set in its place is another request."""

IGNORED = frozenset(
    {"listen", "server_name", "location", "server", "upstream", "include", "return", "set", "map",
     "root", "alias", "index", "try_files", "autoindex", "proxy_pass", "grpc_pass",
     "proxy_set_header", "proxy_http_version", "proxy_read_timeout", "proxy_send_timeout",
     "proxy_connect_timeout", "proxy_redirect", "proxy_buffering", "proxy_buffers",
     "proxy_buffer_size", "proxy_busy_buffers_size", "proxy_request_buffering",
     "proxy_max_temp_file_size", "proxy_temp_file_write_size", "proxy_temp_path",
     "proxy_ignore_client_abort", "proxy_next_upstream", "proxy_next_upstream_tries",
     "proxy_next_upstream_timeout", "proxy_pass_header", "proxy_pass_request_headers",
     "proxy_pass_request_body", "proxy_cache_bypass", "proxy_no_cache", "proxy_socket_keepalive",
     "proxy_headers_hash_max_size", "proxy_headers_hash_bucket_size", "grpc_set_header",
     "grpc_read_timeout", "grpc_send_timeout", "client_max_body_size", "client_body_buffer_size",
     "client_body_timeout", "client_header_timeout", "client_header_buffer_size",
     "client_body_temp_path", "large_client_header_buffers", "keepalive_timeout",
     "keepalive_requests", "keepalive", "send_timeout", "reset_timedout_connection", "sendfile",
     "sendfile_max_chunk", "tcp_nopush", "tcp_nodelay", "aio", "directio", "output_buffers",
     "server_tokens", "server_names_hash_bucket_size", "server_names_hash_max_size",
     "types_hash_max_size", "types_hash_bucket_size", "variables_hash_max_size",
     "variables_hash_bucket_size", "map_hash_bucket_size", "map_hash_max_size", "resolver",
     "resolver_timeout", "access_log", "error_log", "log_format", "log_not_found",
     "log_subrequest", "rewrite_log", "charset", "source_charset", "override_charset",
     "default_type", "types", "gzip", "gzip_types", "gzip_vary", "gzip_proxied",
     "gzip_comp_level", "gzip_buffers", "gzip_http_version", "gzip_min_length", "gzip_disable",
     "gzip_static", "gunzip", "brotli", "brotli_types", "brotli_comp_level", "brotli_static",
     "expires", "etag", "if_modified_since", "add_header", "more_set_headers", "error_page",
     "internal", "port_in_redirect", "absolute_redirect", "server_name_in_redirect",
     "merge_slashes", "underscores_in_headers", "ignore_invalid_headers",
     "chunked_transfer_encoding", "recursive_error_pages", "http2", "http3", "quic_retry",
     "open_file_cache", "open_file_cache_valid", "open_file_cache_min_uses",
     "open_file_cache_errors", "rewrite", "break", "last", "events", "worker_processes",
     "worker_connections", "worker_rlimit_nofile", "user", "pid", "daemon", "load_module",
     "multi_accept", "use", "pcre_jit", "msie_padding", "accept_mutex", "env", "ssl", "zone",
     "least_conn", "ip_hash", "limit_rate", "proxy_intercept_errors", "fastcgi_buffers",
     "fastcgi_buffer_size", "postpone_output", "real_ip_header", "real_ip_recursive",
     "set_real_ip_from", "proxy_hide_header", "satisfy", "auth_basic_user_file",
     "mirror_request_body", "max_ranges", "proxy_set_body_off", "stub_status", "disable_symlinks"}
)  # fmt: skip
"""
Directives about how nginx does its work, which an ingress controller does in its own way, and those
that are read elsewhere.
"""

_TUNING_OF = ("ssl_", "proxy_ssl_", "http2_", "http3_", "uwsgi_", "fastcgi_", "scgi_", "thread_")
_OFF = frozenset({"off", "none", ""})


def shown_beyond(directive: Directive) -> str | None:
    """Return what ``directive`` asks for that an Ingress cannot say, or None."""
    name = directive.name.text
    if name in {"ssl_client_certificate", "ssl_verify_client", "proxy_ssl_certificate"}:
        return None if directive.value in _OFF else "certificates of clients"
    if name in IGNORED or name.startswith(_TUNING_OF):
        if name == "add_header" and directive.value.lower().startswith("access-control-"):
            return "headers of its own for other origins (CORS)"
        return None
    if name in {"auth_basic", "auth_request"}:
        return None if directive.value == "off" else name
    if name == "if":
        return None if _is_harmless(directive) else "conditions (if)"
    if directive.value == "off":
        return None
    return name


def _is_harmless(condition: Directive) -> bool:
    """Tell whether an `if` only sends on to HTTPS, or sets what a log shows."""
    return all(
        (one.name.text in {"return", "rewrite"} and "https://" in " ".join(_texts(one)))
        or one.name.text in {"access_log", "set"}
        for one in condition.block or ()
    )


def _texts(directive: Directive) -> list[str]:
    return [word.text for word in directive.words]
