"""The server: the vendors, and a control interface for their clock and their faults."""

from importlib import import_module

from fastapi import FastAPI, Request, Response

from scripts.local.vendors.calls import Call, Vendor, respond
from scripts.local.vendors.faults import Control, Fault, Time
from stacks_dataverse.vendors import VENDORS

# Each vendor's stub is the module of its name.
STUBS: list[Vendor] = [import_module(f"{__package__}.{name}") for name in VENDORS]


def create_app(key: str) -> FastAPI:
    """Return the stub vendors, which accept `key` alone."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    control = Control()
    _add_control(app, control)

    def vendor_of(path: str) -> Vendor:
        return max((stub for stub in STUBS if path.startswith(stub.PREFIX)), key=lambda stub: len(stub.PREFIX))

    @app.get("/{path:path}")
    def ask(request: Request) -> Response:
        path = request.url.path
        vendor = vendor_of(path)
        control.calls.append({"vendor": vendor.NAME, "path": path, "query": request.url.query.replace(key, "***")})
        call = Call(path, request.query_params, request.headers, control.now, control.take(vendor.NAME, path))
        return respond(vendor, call, key)

    return app


def _add_control(app: FastAPI, control: Control) -> None:
    @app.get("/_health")
    def health() -> dict[str, int]:
        return {"now": control.now}

    @app.put("/_clock")
    def set_time(at: Time) -> None:
        control.set_time(at)

    @app.put("/_faults")
    def add_fault(fault: Fault) -> None:
        control.add(fault)

    @app.get("/_faults")
    def faults() -> list[Fault]:
        return control.left()

    @app.delete("/_faults")
    def clear_faults() -> None:
        control.clear()

    @app.get("/_calls")
    def calls() -> list[dict[str, str]]:
        return list(control.calls)

    @app.delete("/_calls")
    def forget_calls() -> None:
        control.calls.clear()
