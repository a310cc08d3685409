"""
What runs by the clock: the jobs of schedulers that watch Docker, and services that are jobs.

Ofelia and Chadburn read from labels what to execute in a running container, or in a new one, and
when; swarm-cronjob starts services of a swarm.  Each job becomes a task with a schedule of its
own, and the scheduler, whose work the cluster does, is left out.
"""
