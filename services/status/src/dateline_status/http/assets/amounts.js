// Values with their unit, as charts/amounts.py writes them.
const TIMES = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
const LARGE = [[1e9, 1e9, "G"], [1e6, 1e6, "M"], [1e4, 1e3, "k"]];

function digits(value) {
  const places = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(places)));
}

export function amount(value, unit) {
  if (value === null || value === undefined) return "–";
  if (unit === "s") {
    if (value === 0) return "0 s";
    for (const [length, name] of TIMES) if (Math.abs(value) >= length) return `${digits(value / length)} ${name}`;
    return `${digits(value * 1000)} ms`;
  }
  for (const [limit, factor, prefix] of LARGE) if (Math.abs(value) >= limit) return `${digits(value / factor)} ${prefix}`;
  return digits(value);
}
