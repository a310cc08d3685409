"""
The official images of Docker Hub: what a name without a slash can mean there.

Nobody else can put an image under a name of one part.  So a name that is not among these is that
of an image on somebody's own machine, and no registry gives it to a node.

Source: https://github.com/docker-library/official-images/tree/master/library
"""

NAMES = frozenset(
    """
adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux
azul-zulu backdrop bash bonita buildpack-deps busybox caddy cassandra celery centos chronograf
cirros clearlinux clefos clickhouse clojure composer consul convertigo couchbase couchdb crate crux
dart debian django docker drupal eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir
emqx erlang euleros express-gateway fedora flink fluentd friendica fsharp gazebo gcc geonetwork
ghost glassfish golang gradle groovy haproxy haskell haxe hello-seattle hello-world hipache hitch
hola-mundo httpd hylang ibm-semeru-runtimes ibmjava influxdb iojs irssi java jenkins jetty jobber
joomla jruby julia kaazing-gateway kapacitor kibana known kong krakend lightstreamer liquibase
logstash mageia mariadb matomo maven mautic mediawiki memcached mongo mongo-express monica mono
mysql nats nats-streaming neo4j neurodebian nextcloud nginx node notary nuxeo odoo open-liberty
openjdk opensuse oraclelinux orientdb owncloud percona perl photon php php-zendserver phpmyadmin
piwik plone postfixadmin postgres pypy python r-base rabbitmq rails rakudo-star redis redmine
registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa scratch sentry silverpeas
sl solr sonarqube sourcemage spark spiped storm swarm swift swipl teamspeak telegraf thrift tomcat
tomee traefik ubuntu ubuntu-debootstrap ubuntu-upstart unit vault varnish websphere-liberty
wordpress xwiki yourls znc zookeeper
""".split()  # noqa: SIM905 - as the list of the library has them
)
