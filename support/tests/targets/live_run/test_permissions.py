"""What a role may not do is found by preflight, with the statement that it lacks, and no item is changed."""

from collections.abc import Callable

import pytest

from support.simulator.messages import Request, Response
from support.targets.live_run.preflight import Readiness
from support.tests.served import EU, US, served, telling

Asked = Callable[..., Readiness]


def refused(request: Request, _: Response) -> Response:
    return Response.error(
        "AccessDeniedException", f"arn:aws:iam::123456789012:user/ada may not in {request.region}", 400
    )


@pytest.mark.parametrize(
    ("operation", "sid"),
    [
        ("PutItem", "WriteOwnItems"),
        ("BatchWriteItem", "WriteOwnItems"),
        ("GetItem", "ReadOwnItems"),
        ("Query", "QueryIndexes"),
    ],
)
def test_a_role_that_may_not_do_it_is_told_before_the_run_with_the_statement(
    operation: str, sid: str, asked: Asked
) -> None:
    with served() as server:
        telling(server, operation, refused)
        problems = asked(server).problems
        assert server.items(US) == []
    (problem,) = (text for text in problems if f'"Sid": "{sid}"' in text)
    assert problem.startswith(f"the role may not do {operation}")
    assert f"in {EU} (AccessDeniedException)" in problem
    assert "123456789012" not in problem


@pytest.mark.parametrize(("verb", "action"), [("UPDATE", "PartiQLUpdate"), ("DELETE", "PartiQLDelete")])
def test_a_role_that_may_not_send_a_statement_is_told_by_the_name_of_its_permission(
    verb: str, action: str, asked: Asked
) -> None:
    def refused_verb(request: Request, response: Response) -> Response:
        return refused(request, response) if request.parameters["Statement"].startswith(verb) else response

    with served() as server:
        telling(server, "ExecuteStatement", refused_verb)
        (problem,) = asked(server).problems
    assert problem.startswith(f"the role may not do {action} in {US} (AccessDeniedException), {action} in {EU}")
    assert f'"dynamodb:{action}"' in problem
    assert '"Sid": "WriteOwnItems"' in problem


def test_asking_for_permission_changes_no_item(asked: Asked) -> None:
    with served() as server:
        assert asked(server).problems == ()
        asked_for = {request.operation for request in server.requests}
        assert {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ExecuteStatement"} <= asked_for
        assert server.items(US) == server.items(EU) == []
