"""The experiments of a run: started, asked for, and stopped, be it by another process (facts 4)."""

from dataclasses import dataclass

from support.experiments import AT_WORK, RUN_TAG
from support.table.calls import Caller


@dataclass(frozen=True)
class Experiments:
    """The experiments of one run: its template, and the service in the region that is cut off."""

    service: Caller
    template: str
    owner: str

    def start(self, turn: int) -> str:
        """The id of an experiment. All who ask for the same turn get the same one: AWS knows it by its token."""
        started = self.service.call(
            "start_experiment",
            clientToken=f"{self.owner}-{turn}",
            experimentTemplateId=self.template,
            tags={RUN_TAG: self.owner},
        )
        return str(started.answer["experiment"]["id"])

    def state(self, experiment: str) -> tuple[str, str]:
        """Its status, and the reason for that in AWS's words."""
        found = self.service.call("get_experiment", id=experiment).answer["experiment"]["state"]
        return str(found["status"]), str(found.get("reason", ""))

    def stop(self, experiment: str) -> None:
        """End it, unless another process has just done so."""
        self.service.call("stop_experiment", raising=False, id=experiment)

    def at_work(self) -> list[str]:
        """Those of the run that pause replication, or are about to."""
        listed = self.service.call("list_experiments", maxResults=100).answer["experiments"]
        own = [each for each in listed if each.get("tags", {}).get(RUN_TAG) == self.owner]
        return [str(each["id"]) for each in own if each["state"]["status"] in AT_WORK]
