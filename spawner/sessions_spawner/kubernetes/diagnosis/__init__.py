"""What a cluster says about a session's pod, as plain values; no Kubernetes client in here.

`look` reads a pod with its events, claims and machine; `explain_refusal` an answer of the API
server that refuses. Both take the API's JSON as it is and never raise.
"""

from .finding import Cause, Finding, Unready, Verdict
from .look import look
from .refusals import explain_refusal

__all__ = ["Cause", "Finding", "Unready", "Verdict", "explain_refusal", "look"]
