"""
How services are reached from outside, from what a stack tells its reverse proxy.

    rules         the rule language of Traefik's routers
    places        hosts and paths, as an Ingress can say them
    traefik       routers, services and middlewares in labels
    caddy         caddy-docker-proxy's labels
    nginx_proxy   nginx-proxy's variables
    edge_proxy    services whose work the cluster's ingress controller does
    ways          all of these, and what mooring.yaml says instead
    settlement    hosts, certificates and the controller of one environment
"""
