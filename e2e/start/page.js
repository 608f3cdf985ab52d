// The status page's only script: asks for the facts every second and draws them.
const WEI = 10n ** 18n;
const byId = (id) => document.getElementById(id);
/** Wei as ETH with up to 9 decimals, the sign kept. */
function eth(wei, unit = "ETH") {
  const value = BigInt(wei),
    size = value < 0n ? -value : value;
  const decimals = (size % WEI).toString().padStart(18, "0").slice(0, 9).replace(/0+$/, "");
  return `${(value < 0n ? "-" : "") + (size / WEI).toLocaleString("en") + (decimals ? `.${decimals}` : "")} ${unit}`;
}
const gwei = (value) => eth(BigInt(value) * 10n ** 9n);
const when = (seconds) =>
  `${new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 16)} UTC (chain)`;
/** ETH that 1e9 shares, 1 wei of the first stake, are worth, with 12 decimals. */
const rate = (pool) => {
  const r = (BigInt(pool.poolEther) * 10n ** 21n) / BigInt(pool.poolShares);
  const t = r.toString().padStart(13, "0");
  return `${t.slice(0, -12)}.${t.slice(-12)} wei per 1e9 shares`;
};
function fill(id, rows) {
  const list = byId(id);
  list.replaceChildren();
  for (const [name, value] of rows) {
    const dt = document.createElement("dt"),
      dd = document.createElement("dd");
    dt.textContent = name;
    dd.textContent = value;
    list.append(dt, dd);
  }
}
function say(text, bad) {
  const state = byId("state");
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("bad", Boolean(bad));
}
function pace(p) {
  return typeof p === "string" ? p : `${p.slotsPerSecond} slots a second`;
}
function leavingNow({ available, refusal, retryAt }) {
  if (refusal === 1) return `paused until ${when(Number(retryAt))}`;
  if (refusal === 2) return "not while a checkpoint is open";
  if (refusal === 3) return "not before the next checkpoint";
  return eth(available);
}
const percent = (ppm) => `${Number(ppm) / 10_000} %`;
const hours = (seconds) => `${(Number(seconds) / 3600).toFixed(1)} h`;
/** The safeguard's conditions in the order of the contract's `Reason`, each with how to show it. */
const CONDITIONS = [
  ["Losses of 7 days", percent],
  ["Slashings beyond bonds", gwei],
  ["Since the last snapshot", hours],
];
function safetyRows({ isGuarded, conditions, insurance, pot, operatorFees, treasuryFees }) {
  const until = conditions.reduce((latest, { endsAt }) => Math.max(latest, Number(endsAt)), 0);
  return [
    ["Safeguard", isGuarded ? `on until ${when(until)}, or a proof ends it` : "off"],
    ...conditions.map(({ value, threshold }, i) => {
      const [name, show] = CONDITIONS[i];
      return [name, `${show(value)}, allowed ${show(threshold)}`];
    }),
    ["Insurance", eth(insurance)],
    ["Pot, taken from bonds", eth(pot)],
    ["Fees waiting for operators", eth(operatorFees)],
    ["Fees waiting for the treasury", eth(treasuryFees)],
  ];
}
let drawnDeviations = "";
function draw({ facts, activity }) {
  const { chain, pool, queue, instantExit, checkpoints, safety } = facts;
  byId("facts").hidden = false;
  fill("chain", [
    ["Head", `slot ${chain.slot}, epoch ${chain.epoch}`],
    ["Execution block", String(chain.blockNumber)],
    ["Finalized", `epoch ${chain.finalizedEpoch}`],
    ["Chain time", when(chain.timestamp)],
    ["Pace", pace(chain.pace)],
    ["Last slots took", `${chain.slotMs} ms (median)`],
    [
      "Attendance simulated",
      chain.simulatedEpochs ? `${chain.simulatedEpochs} epochs, not voted for` : "never",
    ],
  ]);
  fill("pool", [
    ["Total", eth(pool.poolEther)],
    ["Rate", rate(pool)],
    ["Held as wcaETH", eth(pool.wrappedUnits, "wcaETH")],
    ["Held by the contracts", eth(pool.ownEther)],
    ["Free to fund validators", eth(pool.freeEther)],
    ["On its way to validators", gwei(pool.inFlightGwei)],
    ["Validators", String(pool.members)],
    ["Operators", String(pool.operators)],
  ]);
  fill("queue", [
    ["Requests made", queue.lastRequest],
    ["Finalized up to request", queue.lastFinalized],
    ["Waiting", eth(queue.waitingEther)],
    ["Not covered yet", eth(queue.uncovered)],
    ["Asked from validators", gwei(queue.openPartialsGwei)],
    ["Can leave at once", leavingNow(instantExit)],
    ["Fee for that", `${(Number(instantExit.feeBps) / 100).toFixed(2)} %`],
  ]);
  const last = checkpoints.last;
  byId("cp-none").hidden = Boolean(last);
  fill(
    "cp",
    last
      ? [
          ["Number", last.id],
          ["State of slot", last.slot],
          ["Recognized", eth(BigInt(last.etherAfter) - BigInt(last.etherBefore))],
          ["from consensus", eth(last.consensusRewards)],
          ["from execution", eth(last.executionRewards)],
          ["Reserve", eth(last.reserve)],
          ["Fee", eth(last.fee)],
          ["Next", checkpoints.open ? "open, being proven" : `from ${when(checkpoints.opensAt)}`],
        ]
      : [["Next", checkpoints.open ? "open, being proven" : `from ${when(checkpoints.opensAt)}`]],
  );
  fill("safety", safetyRows(safety));
  const items = activity.length ? activity : ["Nothing yet."];
  byId("activity").replaceChildren(
    ...items.map((text) => {
      const li = document.createElement("li");
      li.textContent = text;
      return li;
    }),
  );
  const key = JSON.stringify(chain.deviations);
  if (key !== drawnDeviations) {
    drawnDeviations = key;
    byId("dev-count").textContent = `${chain.deviations.length} constants and rules differ`;
    byId("dev").replaceChildren(
      ...chain.deviations.map((d) => {
        const tr = document.createElement("tr");
        for (const v of [d.name, d.mainnet, d.here, d.why]) {
          const td = document.createElement("td");
          td.textContent = String(v ?? "");
          tr.append(td);
        }
        return tr;
      }),
    );
  }
  fill("adr", [
    ["JSON-RPC", chain.urls.rpc],
    ["Beacon API", chain.urls.beacon],
    ...Object.entries(facts.addresses).filter(([, v]) => typeof v === "string"),
  ]);
  say(checkpoints.open ? "Running; a checkpoint is being proven." : "Running.");
}
async function look() {
  try {
    const answer = await fetch("/status.json");
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const state = await answer.json();
    if (state.phase === "running") draw(state);
    else if (state.phase === "failed") say(`The stack failed: ${state.reason}`, true);
    else say(`Starting: ${state.doing} …`);
  } catch {
    say("The stack does not answer. Is npm start still running? Trying again every second.", true);
  }
  setTimeout(look, 1000);
}
look();
