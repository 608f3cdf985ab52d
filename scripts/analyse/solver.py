"""What halmos calls as its solver: one file of SMT-LIB in, the first definite answer out. Two that are good at different
things look at it side by side: yices reasons bit by bit (paths, casts, masks), cvc5 with numbers as integers (a law of
rounding is a line of algebra there). Ends both after a minute, so that none outlives its question."""

import subprocess
import sys
import time

MOST_SECONDS = 60
INTEGERS = "--integers"


def solve_with_integers(path):
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    for option, value in (("solve-bv-as-int", "sum"), ("produce-models", "true"), ("nl-ext-tplanes", "true")):
        solver.setOption(option, value)
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, path)
    while not (command := parser.nextCommand()).isNull():
        answer = command.invoke(solver, parser.getSymbolManager())
        print(answer, end="", flush=True)
        # there is no model to ask for
        if answer.strip() in ("unsat", "unknown"):
            break


def first_answer(path):
    commands = (
        ["yices-smt2", "--smt2-model-format", "--bvconst-in-decimal", path],
        [sys.executable, __file__, INTEGERS, path],
    )
    running = [subprocess.Popen(c, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for c in commands]
    ends = time.monotonic() + MOST_SECONDS
    answer = "unknown"
    while running and answer == "unknown" and time.monotonic() < ends:
        time.sleep(0.02)
        for process in [p for p in running if p.poll() is not None]:
            running.remove(process)
            output = process.stdout.read()
            if output.startswith(("sat", "unsat")):
                answer = output
                break
    for process in running:
        process.kill()
        process.wait()
    return answer


if sys.argv[1] == INTEGERS:
    solve_with_integers(sys.argv[2])
else:
    print(first_answer(sys.argv[1]))
