/** What slither found against what stands explained in exceptions.json: nothing unexplained, and nothing stale. */

/** One result of slither, reduced to what names it. */
export interface Finding {
  readonly detector: string;
  readonly impact: string;
  /** `Contract.function`, or `Contract.variable`, or the file's own name for what stands in no contract. */
  readonly place: string;
  readonly text: string;
}

/** Why results of one detector are no faults. */
export interface Exception {
  readonly detector: string;
  /** The places, or "*" where the detector as a whole says nothing here. */
  readonly places: readonly string[] | "*";
  readonly why: string;
}

export interface Verdict {
  readonly unexplained: readonly Finding[];
  /** `detector at place` of exceptions that match nothing any more. */
  readonly stale: readonly string[];
  readonly explained: number;
}

interface Element {
  readonly type: string;
  readonly name: string;
  readonly type_specific_fields?: { readonly parent?: Element };
}

interface SlitherReport {
  readonly results?: {
    readonly detectors?: readonly {
      readonly check: string;
      readonly impact: string;
      readonly description: string;
      readonly elements: readonly Element[];
    }[];
  };
}

/** @returns All results of slither's JSON report, in its order. */
export function findingsOf(report: unknown): Finding[] {
  return ((report as SlitherReport).results?.detectors ?? []).map(
    ({ check, impact, description, elements }) => ({
      detector: check,
      impact,
      place: placeOf(elements[0]),
      text: description.trim(),
    }),
  );
}

/** The function and contract around an element; the innermost function counts, the outermost contract. */
function placeOf(element: Element | undefined): string {
  const around: Element[] = [];
  for (let at = element; at; at = at.type_specific_fields?.parent) around.push(at);
  const contract = around.find(({ type }) => type === "contract");
  const inside = around.find(({ type }) => type === "function") ?? element;
  if (!contract || inside === contract) return inside?.name ?? "nowhere";
  return `${contract.name}.${inside?.name}`;
}

/** @returns What no exception covers, and which exceptions cover nothing. */
export function judge(findings: readonly Finding[], exceptions: readonly Exception[]): Verdict {
  const covers = ({ detector, places }: Exception, finding: Finding) =>
    detector === finding.detector && (places === "*" || places.includes(finding.place));
  const unexplained = findings.filter(
    (finding) => !exceptions.some((exception) => covers(exception, finding)),
  );
  const stale = exceptions.flatMap(({ detector, places }) =>
    (places === "*" ? ["*"] : places)
      .filter(
        (place) => !findings.some((f) => f.detector === detector && (place === "*" || f.place === place)),
      )
      .map((place) => `${detector} at ${place}`),
  );
  return { unexplained, stale, explained: findings.length - unexplained.length };
}
