"""
The one room that speaks to a Kubernetes API.

`kubeconfig` says how to reach a server and `credentials` as whom, `connection` carries requests,
`discovery` knows where kinds live, `client` asks and writes.  All others hand it refs and
manifests and get plain mappings back.
"""
