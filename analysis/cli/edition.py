"""One quarter on its way to being published: which notebook must run and why, which need not, and what comes after which."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import quarters, upkeep, workbook
from analysis.cli import making, running
from analysis.cli.making import Finished
from analysis.cli.running import Executed, Place
from analysis.engine import Failed, ProcessEnded, Task
from analysis.errors import NotebookFailed, WorkbookError
from analysis.folders import one_at_a_time, staged
from analysis.workbook import Planned, Step

if TYPE_CHECKING:
    from analysis.workbook.kernels import Kernels

_REGISTERS, _WANTED, _DATA, _NOTEBOOK_PAGES, _FINISH = "registers", "which pages", "data", "the notebooks' pages", "index and manifest"
_AFTER_ALL = 4
"""The phase in which all notebooks but the pages have run; what comes after it is done within a process that has read their frames."""


class Edition:
    """
    One quarter of one partnership, from its returns to its published folder.

    Attributes:
        place: its place among all.
        code: the exit code that it comes to: 1 and 2 as the errors say, 3 where something is held; None while it is not done.
        fault: why it was given up.
    """

    def __init__(self, data: Path, outputs: Path, quarter: str, place: int, say: Callable[[str], None]) -> None:
        """Begin nothing yet; *place* is its place among all, earlier ones being done first."""
        self.data, self.outputs, self.quarter = data, outputs, quarter
        self.code: int | None = None
        self.fault: BaseException | None = None
        self.place, self._say = place, say
        self._steps, self._pages = workbook.planned(workbook.discover())
        self._parameters = {"quarter": quarter, "data": workbook.as_parameter(data)}
        self._target = outputs / quarter
        self._before = upkeep.made(outputs, quarter)
        self._made = upkeep.Made(inputs=self._inputs())
        self._begun: set[str] = set()
        self._done: set[str] = set()
        self._ran: set[str] = set()
        self._why: dict[str, str] = {}
        self._audiences: list[str] | None = None
        self._locks, self._open = ExitStack(), ExitStack()
        self._at: Place = None  # type: ignore[assignment] # known when the folders are held
        self._kernels: Kernels | None = None

    @property
    def title(self) -> str:
        """The quarter, as readers see it."""
        return f"{quarters.label(self.quarter)} ({quarters.months(self.quarter)})"

    @cached_property
    def _published(self) -> dict[str, str]:
        return upkeep.files(self._target)

    def _inputs(self) -> dict[str, str]:
        notebooks = {f"notebook {one.path.name}": upkeep.fingerprint(one.path) for one in (*self._steps, self._pages)}
        return upkeep.own() | notebooks | self._asked() | upkeep.registers(self.data) | upkeep.returns(self.data, self.quarter)

    def _asked(self) -> dict[str, str]:
        return {f"parameter {name}": value for name, value in self._parameters.items()}

    # ------------------------------------------------------------ nothing to do

    def stands(self) -> bool:
        """Say whether what is published is what a run would publish; says so, with what the run said."""
        if self._before is None or not upkeep.up_to_date(self._before, self._made.inputs, self._target, self.data, self.quarter):
            return False
        self._say(self.title)
        self._say(f"  nothing has changed since it was published: {self._target / 'index.html'}")
        for words in self._before.said:
            self._say(f"  {words}")
        self.code = 3 if self._before.held else 0
        return True

    # ------------------------------------------------------------ what is to be done

    @property
    def inputs(self) -> dict[str, str]:
        """Everything that the quarter is made from, but frames."""
        return self._made.inputs

    def begin(self, *, force: bool = False, wait: float = 0, kernels: Kernels | None = None) -> Task:
        """
        Give the first task; the folders are held when it is done, so that of many quarters few are held at a time.

        Args:
            force: whether nothing of an earlier run counts.
            wait: for how many seconds it waits for another run on the same folders.
            kernels: what gives kernels to run notebooks in; None to run them in the process of their task.
        """
        self._force, self._wait, self._kernels = force, wait, kernels
        return self._task(_REGISTERS, running.check_registers, (self.data,), phase=0)

    def _hold(self) -> None:
        """Hold the folders; a run that was waited for may have published what was asked for."""
        self._started = time.monotonic()
        self._locks.enter_context(one_at_a_time(self._target, wait=self._wait))
        self._locks.enter_context(one_at_a_time(self.data / "processed" / self.quarter, "work on another quarter", self._wait))
        self._before = upkeep.made(self.outputs, self.quarter)
        if not self._force and self.stands():
            self._locks.close()
            return
        self._no_reuse = "--force" if self._force else "no earlier run" if self._before is None else ""
        self._say(self.title)
        self._at = Place(self.data, self.quarter, self._open.enter_context(staged(self.outputs, self.quarter)), self._target)

    def _task(self, name: str, does: Callable[..., Any], given: tuple[Any, ...], phase: int, needs: tuple[str, ...] = ()) -> Task:
        whole = f"{self.place} {_WANTED}"
        within = whole if phase > _AFTER_ALL else ""
        return Task(f"{self.place} {name}", does, given, str(self.place), needs, (self.place, phase), stays=phase == _AFTER_ALL, within=within)

    def then(self, task: Task, result: Any) -> list[Task] | None:
        """Take in what a task gave; give those that follow, or None where the quarter is given up."""
        if self.code is not None:
            return None
        try:
            return self._take(task, result)
        except Exception as fault:  # noqa: BLE001 - of many quarters the others go on; what it is, is told at the end
            self.leave(fault)
            return None

    def _take(self, task: Task, result: Any) -> list[Task]:
        if isinstance(result, Failed):
            raise self._told(task, result.fault)
        name = task.name.partition(" ")[2]
        self._done.add(name)
        if name == _REGISTERS:
            self._hold()
            if self.code is not None:
                return []
        elif isinstance(result, Executed):
            self._tell_ran(name, result)
        elif isinstance(result, list):
            self._audiences = result
        elif isinstance(result, Finished):
            self._publish(result)
            return []
        return self._next()

    def _next(self) -> list[Task]:
        """Give every task that can begin now; a notebook whose result is still good counts as done at once."""
        tasks: list[Task] = []
        names = [one.path.stem for one in self._steps]
        while True:
            due = [one for one in self._steps if one.path.stem not in self._begun and self._done.issuperset(one.after)]
            if not due:
                break
            for one in due:
                tasks += self._notebook(one)
        if not self._done.issuperset(names):
            return tasks
        if _WANTED not in self._begun:
            self._begun.add(_WANTED)
            return [self._task(_WANTED, running.wanted, (self._at,), phase=_AFTER_ALL)]
        if self._audiences is None:
            return tasks
        if _NOTEBOOK_PAGES not in self._begun:
            self._begun.add(_NOTEBOOK_PAGES)
            tasks.append(self._task(_DATA, making.data, (self._at,), phase=5))
            self._begun.add(_DATA)
            tasks += [task for audience in self._audiences for task in self._page(audience)]
            tasks.append(self._task(_NOTEBOOK_PAGES, running.notebook_pages, (self._at, names), phase=6))
        elif _FINISH not in self._begun and self._done >= self._begun:
            self._begun.add(_FINISH)
            tasks.append(self._task(_FINISH, making.finish, (self._at, self._parameters), phase=7))
        return tasks

    def _notebook(self, one: Planned) -> list[Task]:
        name = one.path.stem
        self._begun.add(name)
        prints = upkeep.notebook(one.path) | self._asked() | upkeep.registers(self.data)
        prints |= self._frames_of(one.after) if one.after else upkeep.returns(self.data, self.quarter)
        if not self._must_run(name, prints):
            return []
        self._ran.add(name)
        self._drop_frames(name)
        step = Step(one.path, self._parameters, name)
        return [self._task(name, running.notebook, (self._at, step, self._kernels), phase=1, needs=one.needs)]

    def _page(self, audience: str) -> list[Task]:
        step = Step(self._pages.path, self._parameters | {"audience": audience}, f"{self._pages.path.stem}_{audience}")
        self._begun.add(step.name)
        prints = upkeep.notebook(step.notebook) | self._asked() | {"parameter audience": audience} | upkeep.registers(self.data)
        if not self._must_run(step.name, prints | upkeep.frames(self.data, self.quarter)):
            return []
        return [self._task(step.name, running.page, (self._at, step, audience, self._kernels), phase=5)]

    def _frames_of(self, names: tuple[str, ...]) -> dict[str, str]:
        """Give the frames that notebooks have written; all there are, where it is not known who wrote which."""
        found = upkeep.frames(self.data, self.quarter)
        if any(name not in self._made.wrote for name in names):
            return found
        wrote = {label for name in names for label in self._made.wrote[name]}
        return {label: found[label] for label in found if label in wrote}

    # ------------------------------------------------------------ nothing twice

    def _must_run(self, name: str, prints: dict[str, str]) -> bool:
        """Say whether a notebook must run; one that need not is put in place as it was, and counts as done."""
        self._made.steps[name] = upkeep.one_of(prints)
        self._why[name] = self._reason(name, prints)
        if self._why[name] or self._before is None:
            return True
        wrote = self._made.wrote[name] = self._before.wrote[name]
        for label in wrote:
            kind, _, path = label.partition(" ")
            if kind == "file":
                (self._at.folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self._target / path, self._at.folder / path)
        self._done.add(name)
        self._say(f"  {name + ' ':<44}as before: nothing that it reads has changed")
        return False

    def _reason(self, name: str, prints: dict[str, str]) -> str:
        """Say why a notebook must run; nothing where its result still stands."""
        before = self._before
        if self._no_reuse or before is None:
            return self._no_reuse
        if name not in before.steps:
            return "it did not run before"
        if name not in before.wrote:
            return "it is not known what it wrote"  # it ran in a kernel of its own
        if before.steps[name] != self._made.steps[name]:
            known = before.inputs | before.frames | {"parameter audience": prints.get("parameter audience", "")}
            return upkeep.changed({label: known[label] for label in prints if label in known}, prints) or "it reads other things than before"
        now = upkeep.frames(self.data, self.quarter) | {f"file {path}": print_ for path, print_ in self._published.items()}
        lost = {label: print_ for label, print_ in before.wrote[name].items() if now.get(label) != print_}
        if lost and (took_along := self._ran & self._earlier(name)):
            return f"{', '.join(sorted(took_along))} ran again"  # which leaves nothing of what comes after it
        return f"what it made is not as it was left: {', '.join(list(lost)[:2])}" if lost else ""

    def _earlier(self, name: str) -> set[str]:
        """Give the notebooks that a notebook runs after, directly or not."""
        after = {one.path.stem: one.after for one in self._steps}
        found: set[str] = set()
        left = set(after.get(name, ()))
        while left:
            found |= left
            left = {earlier for one in left for earlier in after[one]} - found
        return found

    def _drop_frames(self, name: str) -> None:
        """Remove what a notebook that must run, and those after it, wrote before: nothing old is read on the way."""
        if self._before is None:
            return
        late = {name}
        for one in self._steps:
            late |= {one.path.stem} if late & set(one.after) else set()
        for label in (label for each in late for label in self._before.wrote.get(each, ())):
            kind, _, frame = label.partition(" ")
            if kind == "frame":
                (self.data / "processed" / self.quarter / f"{frame}.parquet").unlink(missing_ok=True)

    def _tell_ran(self, name: str, ran: Executed) -> None:
        if ran.frames is not None:
            found = upkeep.frames(self.data, self.quarter)
            wrote = {f"frame {frame}": found[f"frame {frame}"] for frame in dict.fromkeys(ran.frames)}
            self._made.wrote[name] = wrote | {f"file {path}": upkeep.fingerprint(self._at.folder / path) for path in ran.files}
        why = f"   because {self._why[name]}" if self._why[name] != "no earlier run" else ""
        self._say(f"  {name + ' ':<44}{ran.seconds:5.1f} s{why}")

    # ------------------------------------------------------------ the end

    def _publish(self, finished: Finished) -> None:
        self._open.close()
        shutil.rmtree(self.outputs / "failed" / self.quarter, ignore_errors=True)
        self._made.said, self._made.held = list(finished.said), finished.held
        self._made.outputs, self._made.frames = upkeep.files(self._target), upkeep.frames(self.data, self.quarter)
        upkeep.look_again()
        if self._inputs() == self._made.inputs:  # else something changed meanwhile, and nobody can say which of its states was read
            self._made.write(self.outputs, self.quarter)
        else:
            upkeep.forget(self.outputs, self.quarter)
        self._locks.close()  # last: a run that waits for them reads the record
        self._say(f"  published in {time.monotonic() - self._started:.1f} s: {self._target / 'index.html'}")
        for words in finished.said:
            self._say(f"  {words}")
        self.code = 3 if finished.held else 0

    def _told(self, task: Task, fault: Exception) -> Exception:
        """Give a fault as the user is told it; a notebook that failed is kept, as far as it ran, where it can be looked at."""
        if isinstance(fault, ProcessEnded):
            notebook = next((given.notebook.name for given in task.given if isinstance(given, Step)), task.name.partition(" ")[2])
            fault = NotebookFailed(notebook, [str(fault)], "Run it in JupyterLab to see where it stops.")
        if not isinstance(fault, NotebookFailed) or self._at is None:
            return fault
        failed = self.outputs / "failed" / self.quarter
        failed.mkdir(parents=True, exist_ok=True)
        for path in self._at.notebooks.glob("*.ipynb"):
            path.replace(failed / path.name)
        return NotebookFailed(fault.subject, fault.problems, fault.hint.replace(str(self._at.notebooks), str(failed)))

    def leave(self, fault: BaseException) -> None:
        """Give up: what was published before stays as it is."""
        self.fault = fault
        self.code = fault.exit_code if isinstance(fault, WorkbookError) else 1
        with self._locks, suppress(type(fault)):
            self._open.__exit__(type(fault), fault, None)
