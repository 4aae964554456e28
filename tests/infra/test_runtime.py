"""The stand-in for Lambda, with Amazon's real runtime client and small handlers of each kind of behaviour."""

from __future__ import annotations

import http.client
import json
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from infra import runtime
from infra.runtime import LocalLambda, RequestTooLarge
from infra.runtime_api import EVENT_LIMIT, RuntimeApi
from infra.sandbox import Sandbox

WriteHandler = Callable[..., Sandbox]

COUNTING = """
    import os

    calls = 0

    def handler(event, context):
        global calls
        calls += 1
        print("called", calls)
        return {"calls": calls, "process": os.getpid(), "event": event}
"""
MISBEHAVING = """
    import os, signal, time

    def handler(event, context):
        match event:
            case {"raise": message}:
                raise ValueError(message)
            case {"exit": code}:
                os._exit(code)
            case {"kill": _}:
                os.kill(os.getpid(), signal.SIGKILL)
            case {"sleep": seconds}:
                time.sleep(seconds)
            case {"answer": size}:
                return "x" * size
        return os.getpid()
"""


@pytest.fixture
def write_handler(tmp_path: Path) -> WriteHandler:
    def write(code: str, timeout: float = 20.0) -> Sandbox:
        (tmp_path / "sample.py").write_text(textwrap.dedent(code))
        variables = {"PYTHONPATH": str(tmp_path), "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512"}
        return Sandbox(tmp_path, Path(sys.executable), "sample.handler", timeout, variables)

    return write


def test_starts_cold_and_stays_warm(write_handler: WriteHandler) -> None:
    with LocalLambda(write_handler(COUNTING)) as function:
        cold, warm = function.invoke({"photo": "가"}), function.invoke(b"[1, 2]")

    assert cold.json() == {"calls": 1, "process": warm.json()["process"], "event": {"photo": "가"}}
    assert warm.json()["calls"] == 2 and warm.json()["event"] == [1, 2]
    assert not cold.failed and not warm.failed
    assert cold.init is not None and cold.init > 0 and warm.init is None
    assert 0 < warm.duration < 20
    assert cold.request_id != warm.request_id


def test_tells_the_handler_what_lambda_tells_it(write_handler: WriteHandler) -> None:
    sandbox = write_handler(
        """
        def handler(event, context):
            return {
                "request": context.aws_request_id,
                "left": context.get_remaining_time_in_millis(),
                "arn": context.invoked_function_arn,
                "memory": context.memory_limit_in_mb,
            }
        """,
        timeout=5.0,
    )
    with LocalLambda(sandbox) as function:
        invocation = function.invoke({})

    told = invocation.json()
    assert told["request"] == invocation.request_id
    assert 0 < told["left"] <= 5000
    assert told["arn"].endswith(":live")
    assert told["memory"] == "512"


def test_hides_the_callers_environment(write_handler: WriteHandler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "1")
    with LocalLambda(write_handler("import os\ndef handler(event, context): return dict(os.environ)")) as function:
        seen = function.invoke({}).json()

    assert "SECRET_OF_THE_CALLER" not in seen and "HOME" not in seen
    assert seen["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand"


def test_keeps_what_the_function_prints(write_handler: WriteHandler) -> None:
    with LocalLambda(write_handler(COUNTING)) as function:
        function.invoke({})
        function.invoke({})
        assert function.log.splitlines() == ["called 1", "called 2"]


def test_an_error_of_the_handler_is_given_back_and_leaves_it_warm(write_handler: WriteHandler) -> None:
    with LocalLambda(write_handler(MISBEHAVING)) as function:
        first = function.invoke({}).json()
        failed = function.invoke({"raise": "no such face"})
        after = function.invoke({})

    assert failed.failed
    assert failed.json()["errorType"] == "ValueError" and failed.json()["errorMessage"] == "no such face"
    assert (after.json(), after.init) == (first, None)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"exit": 3}, "Runtime exited with error: exit status 3"),
        ({"exit": 0}, "Runtime exited without providing a reason"),
        ({"kill": True}, "Runtime exited with error: signal: killed"),
    ],
)
def test_a_crash_is_reported_and_the_next_call_starts_cold(
    write_handler: WriteHandler, event: dict[str, object], reason: str
) -> None:
    with LocalLambda(write_handler(MISBEHAVING)) as function:
        crashed, after = function.invoke(event), function.invoke({})

    assert crashed.failed
    assert crashed.json() == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {crashed.request_id} Error: {reason}",
    }
    assert not after.failed and after.init is not None


def test_a_call_that_takes_too_long_is_killed_and_the_next_starts_cold(write_handler: WriteHandler) -> None:
    with LocalLambda(write_handler(MISBEHAVING, timeout=0.5)) as function:
        before = function.invoke({}).json()
        slow, after = function.invoke({"sleep": 60}), function.invoke({})

    assert slow.failed and slow.json()["errorType"] == "Sandbox.Timedout"
    assert slow.json()["errorMessage"].endswith("Task timed out after 0.50 seconds")
    assert after.json() != before and after.init is not None


def test_a_crash_between_two_calls_starts_the_next_one_cold(write_handler: WriteHandler) -> None:
    sandbox = write_handler(
        """
        import os, threading

        def handler(event, context):
            threading.Timer(0.05, os._exit, [1]).start()
            return os.getpid()
        """
    )
    with LocalLambda(sandbox) as function:
        first = function.invoke({})
        assert function._process is not None
        function._process._process.wait(timeout=10)
        second = function.invoke({})

    assert not second.failed and second.init is not None
    assert first.json() != second.json()


def test_an_error_at_start_is_given_back_at_every_call(write_handler: WriteHandler) -> None:
    with LocalLambda(write_handler("import no_such_module")) as function:
        first, second = function.invoke({}), function.invoke({})

    for invocation in (first, second):
        assert invocation.failed and invocation.init is not None
        assert invocation.json()["errorType"] == "Runtime.ImportModuleError"
        assert "no_such_module" in invocation.json()["errorMessage"]


def test_a_process_that_dies_at_start_is_reported(write_handler: WriteHandler) -> None:
    with LocalLambda(write_handler("import os; os._exit(7)")) as function:
        assert function.invoke({}).json()["errorMessage"].endswith("exit status 7")


def test_a_start_that_takes_too_long_is_begun_again_on_the_calls_time(
    write_handler: WriteHandler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "_INIT_LIMIT", 0.5)
    sandbox = write_handler(
        """
        import pathlib, time

        starts = pathlib.Path(__file__).with_name("starts")
        with starts.open("a") as file:
            file.write("x")
        time.sleep(60 if len(starts.read_text()) == 1 else 0)

        def handler(event, context):
            return context.get_remaining_time_in_millis()
        """
    )
    with LocalLambda(sandbox) as function:
        invocation = function.invoke({})

    assert (tmp_path / "starts").read_text() == "xx"
    assert not invocation.failed and invocation.json() < 20_000


def test_an_event_over_six_megabytes_never_reaches_the_function(write_handler: WriteHandler, tmp_path: Path) -> None:
    sandbox = write_handler(COUNTING)
    padding = b'"' + b"x" * (EVENT_LIMIT - 2) + b'"'
    with LocalLambda(sandbox) as function:
        with pytest.raises(RequestTooLarge, match="6291457"):
            function.invoke(padding + b" ")
        assert function.log == ""
        assert len(function.invoke(padding).json()["event"]) == EVENT_LIMIT - 2


def test_an_answer_over_six_megabytes_is_refused(write_handler: WriteHandler) -> None:
    with LocalLambda(write_handler(MISBEHAVING)) as function:
        # The answer is a JSON string: two quotation marks come with it.
        fits, large = function.invoke({"answer": EVENT_LIMIT + 98}), function.invoke({"answer": EVENT_LIMIT + 99})

    assert not fits.failed and len(fits.payload) == EVENT_LIMIT + 100
    assert large.failed and large.json()["errorType"] == "Function.ResponseSizeTooLarge"


def test_calls_from_several_threads_are_answered_one_after_the_other(write_handler: WriteHandler) -> None:
    answers: list[object] = []
    with LocalLambda(write_handler(COUNTING)) as function:
        threads = [
            threading.Thread(target=lambda: answers.append(function.invoke({}).json()["calls"])) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(map(str, answers)) == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/2018-06-01/runtime/invocation/another/response", 400),
        ("POST", "/2018-06-01/runtime/invocation/this/error", 202),
        ("GET", "/2018-06-01/runtime/nonsense", 404),
    ],
)
def test_answers_the_client_as_the_runtime_api_does(method: str, path: str, status: int) -> None:
    api = RuntimeApi()
    api.hand_out("this", b"{}", deadline_ms=0)
    connection = http.client.HTTPConnection(api.address)
    connection.request(method, path, body=b"{}")
    response = connection.getresponse()
    assert response.status == status
    assert json.loads(response.read())
    connection.close()
    api.close()
