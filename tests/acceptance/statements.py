"""
Which tests stand for which statement of the acceptance lists of the real systems.

S: Synmetrix 1-17; C: CPTM8 1-15, 17-19, 21, 22, 24; Z: A25 of zymtrace.  A test is named as
`module::function`.  What of a statement cannot be met has its reason here.
"""

from typing import NamedTuple

SYNMETRIX = tuple(f"S{number}" for number in range(1, 18))
CPTM8 = tuple(f"C{number}" for number in (*range(1, 16), 17, 18, 19, 21, 22, 24))
ZYMTRACE = ("Z25",)


class Statement(NamedTuple):
    """A statement in short, the tests that stand for it, and what is left out and why."""

    about: str
    tests: tuple[str, ...]
    left_out: str = ""


STATEMENTS = {
    "S1": Statement(
        "every service is converted, merged or dropped with a reason",
        (
            "test_synmetrix::test_every_service_is_accounted_for",
            "test_synmetrix::test_the_proxy_whose_work_the_cluster_does_is_dropped_with_a_reason",
            "test_synmetrix::test_the_mail_catcher_is_in_development_only",
        ),
    ),
    "S2": Statement(
        "names without underscores; hasura_cli becomes a Job, the test database stays in tests",
        (
            "test_synmetrix::test_no_name_has_an_underscore",
            "test_synmetrix::test_services_with_underscores_have_their_own_names_with_hyphens",
            "test_synmetrix::test_the_console_of_hasura_becomes_a_job",
            "test_synmetrix::test_the_database_of_tests_stays_in_tests",
        ),
    ),
    "S3": Statement(
        "whoever dials a renamed service dials its new name, the client's template too",
        (
            "test_synmetrix::test_nothing_dials_the_old_name",
            "test_synmetrix::test_the_template_in_the_image_of_the_client_is_found_and_overridden",
        ),
        "the name of an image that Compose builds for hasura_plus keeps its underscore: it is no "
        "name in the cluster, and builds push it so",
    ),
    "S4": Statement(
        "the ports of Services; no debugger outside development",
        (
            "test_synmetrix::test_services_have_the_ports_that_are_dialled",
            "test_synmetrix::test_the_debugger_is_no_port_outside_development",
        ),
    ),
    "S5": Statement(
        "the environment of each container is Compose's, name by name",
        (
            "test_synmetrix::test_every_container_has_the_environment_that_compose_gives_it",
            "test_synmetrix::test_the_address_of_redis_is_not_lost",
        ),
    ),
    "S6": Statement(
        "nothing secret in a ConfigMap", ("test_synmetrix::test_secrets_stand_in_secrets_alone",)
    ),
    "S7": Statement(
        "one source of the admin secret", ("test_synmetrix::test_the_admin_secret_has_one_source",)
    ),
    "S8": Statement(
        "a short key of tokens stops production, a committed one is told of",
        (
            "test_synmetrix::test_a_key_too_short_for_its_algorithm_stops_production",
            "test_synmetrix::test_the_key_that_stands_in_the_repository_is_spoken_of",
        ),
    ),
    "S9": Statement(
        "what is unset or a placeholder is a named list",
        (
            "test_synmetrix::test_every_variable_without_a_value_is_named",
            "test_answers::test_doing_what_the_questions_say_answers_them_all",
        ),
    ),
    "S10": Statement(
        "a Job migrates before those who ask",
        (
            "test_synmetrix::test_a_job_migrates_before_those_who_ask",
            "test_synmetrix::test_a_hasura_that_nothing_migrates_is_told_of",
        ),
        "the files of stage and test name no migrations, and nothing tells where they are: that "
        "nothing applies any is a finding there, with the two mounts that make the Job",
    ),
    "S11": Statement(
        "Ingress from labels, and from what the client passes on",
        (
            "test_synmetrix::test_routers_become_routes_with_certificates",
            "test_synmetrix::test_what_the_client_passes_on_goes_there_directly",
            "test_synmetrix::test_websockets_have_time",
        ),
    ),
    "S12": Statement(
        "raw TCP is opened or decided",
        ("test_synmetrix::test_ports_that_are_no_http_are_a_decision",),
    ),
    "S13": Statement(
        "data stores are StatefulSets with claims",
        (
            "test_synmetrix::test_data_stores_are_stateful_sets_with_claims",
            "test_synmetrix::test_no_deployment_surges_over_a_volume_of_one_node",
        ),
    ),
    "S14": Statement(
        "nothing of the author's machine, and no command of development in production",
        (
            "test_synmetrix::test_no_path_of_a_node_is_mounted",
            "test_synmetrix::test_sources_are_not_mounted_over_the_image",
            "test_synmetrix::test_the_command_of_development_is_asked_about_outside_it",
        ),
        "the dev file holds no other command than that of development: production asks for one, "
        "since nobody but the team knows the right one",
    ),
    "S15": Statement(
        "a configuration beside PGDATA is reported",
        ("test_synmetrix::test_a_configuration_file_beside_the_data_is_reported",),
    ),
    "S16": Statement(
        "images for amd64 alone", ("test_synmetrix::test_an_image_for_amd64_alone_runs_there",)
    ),
    "S17": Statement(
        "resources, readiness, rights, and a pull secret",
        (
            "test_synmetrix::test_every_deployment_says_what_it_needs_and_who_it_is",
            "test_synmetrix::test_whoever_runs_as_root_has_a_recorded_reason",
            "test_synmetrix::test_images_of_a_private_registry_are_pulled_with_a_secret",
        ),
    ),
    "C1": Statement(
        "both files are one application",
        (
            "test_projects::test_cptm8_every_service_of_both_files_runs",
            "test_projects::test_cptm8_the_frontend_finds_the_backend_by_name",
        ),
    ),
    "C2": Statement(
        "near-clones are one StatefulSet",
        (
            "test_cptm8_clusters::test_three_databases_are_one_stateful_set",
            "test_cptm8_clusters::test_the_members_of_the_replica_set_are_its_pods",
            "test_cptm8_clusters::test_ports_that_never_answered_are_told",
        ),
    ),
    "C3": Statement(
        "Mongo keeps its authentication",
        (
            "test_cptm8_clusters::test_the_key_file_belongs_to_the_process_alone",
            "test_cptm8_clusters::test_the_entrypoint_of_the_database_runs",
        ),
    ),
    "C4": Statement(
        "unset variables with their users",
        (
            "test_cptm8::test_every_variable_without_a_value_is_named_with_its_users",
            "test_cptm8::test_a_variable_that_was_renamed_is_suspected",
            "test_cptm8::test_an_empty_alias_is_no_name",
        ),
    ),
    "C5": Statement(
        "ports that Compose does not name",
        ("test_cptm8::test_ports_that_only_peers_know_are_in_services",),
    ),
    "C6": Statement(
        "files of secrets",
        (
            "test_cptm8::test_files_of_secrets_are_keys_under_their_old_paths",
            "test_cptm8::test_no_secret_ends_in_a_line_break",
            "test_cptm8::test_the_secret_of_a_build_is_not_shipped",
        ),
    ),
    "C7": Statement(
        "the script of the replica set survives",
        ("test_cptm8::test_the_script_that_forms_the_replica_set_survives",),
    ),
    "C8": Statement(
        "health and order",
        (
            "test_cptm8::test_checks_by_netstat_are_connections",
            "test_cptm8::test_checks_by_wget_ask_the_pod",
            "test_cptm8::test_a_start_period_is_a_startup_probe",
            "test_cptm8::test_every_wait_has_an_end",
        ),
    ),
    "C9": Statement(
        "log folders that one collector reads",
        ("test_cptm8::test_no_two_sources_are_one_volume",),
        "what a collector on every node would read instead is the cluster's own, and no part of "
        "the stack: the decision says so, and mounts: {<path>: storage} shares the folders",
    ),
    "C10": Statement(
        "folders that an application writes to",
        ("test_cptm8::test_applications_write_where_they_did",),
    ),
    "C11": Statement(
        "nobody gets all capabilities", ("test_cptm8::test_nobody_gets_all_capabilities",)
    ),
    "C12": Statement(
        "what OpenSearch needs of the kernel",
        ("test_cptm8_clusters::test_the_kernel_s_limit_is_asked_for_with_three_ways",),
    ),
    "C13": Statement(
        "the broker keeps its queues and its name",
        ("test_cptm8_clusters::test_the_broker_keeps_its_queues_under_a_name_that_stays",),
    ),
    "C14": Statement(
        "environments of two clouds",
        (
            "test_cptm8::test_clouds_differ_where_they_must_and_nowhere_else",
            "test_cptm8::test_the_tree_of_two_clouds_keeps_what_they_share_in_its_base",
        ),
    ),
    "C15": Statement(
        "every reference leads somewhere",
        (
            "test_cptm8::test_every_reference_leads_somewhere",
            "test_restricted::test_no_reference_leads_nowhere",
        ),
    ),
    "C17": Statement(
        "the level of the namespace admits its pods",
        (
            "test_cptm8::test_the_namespace_admits_its_pods",
            "test_restricted::test_pods_stand_under_restricted_but_for_recorded_exceptions",
        ),
    ),
    "C18": Statement(
        "quota and totals",
        (
            "test_cptm8::test_a_quota_is_held_against_all_pods",
            "test_cptm8::test_what_an_environment_asks_for_is_added_up",
        ),
    ),
    "C19": Statement(
        "policies let pass what is dialled",
        (
            "test_cptm8::test_policies_let_pass_what_the_environment_names",
            "test_cptm8::test_pods_that_ask_the_api_may",
            "test_networks::test_real_stacks",
        ),
    ),
    "C21": Statement(
        "an Ingress without annotations that nobody knows",
        ("test_synmetrix::test_routers_become_routes_with_certificates",),
        "class, certificate region and health path of an expert's Ingress are judged by the rules "
        "of `mooring check`, with their own tests",
    ),
    "C22": Statement(
        "what is known to whoever reads the project",
        ("test_cptm8::test_secrets_in_the_project_are_spoken_of",),
    ),
    "C24": Statement(
        "twice the same, and edits stay",
        (
            "test_cptm8::test_two_conversions_are_equal_to_the_byte",
            "test_cptm8::test_an_edit_of_the_user_survives_a_conversion",
        ),
    ),
    "Z25": Statement(
        "ten services of zymtrace",
        (
            "test_zymtrace::"
            "test_ten_services_are_five_deployments_three_stateful_sets_and_two_jobs",
            "test_zymtrace::test_what_was_published_on_the_machine_alone_stays_inside",
        ),
    ),
}
