import { ApiError } from "./apiError.ts";

export const JSON_TYPE = "application/json";
export const SSZ_TYPE = "application/octet-stream";

/** What the Accept header of a request takes. */
export interface Accepted {
  json: boolean;
  /** Whether bytes are preferred; between equals the first one named wins. */
  prefersSsz: boolean;
}

const ANYTHING = ["application/*", "*/*"];

/** @throws ApiError 406 when neither JSON nor SSZ is accepted */
export function acceptedBy(header: string | undefined): Accepted {
  if (header === undefined || header === "") return { json: true, prefersSsz: false };
  const wishes = header.split(",").map((part) => {
    const [type = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    return { type, weight: weight === undefined ? 1 : Number(weight) };
  });
  const served = wishes
    .filter(({ type, weight }) => weight > 0 && [SSZ_TYPE, JSON_TYPE, ...ANYTHING].includes(type))
    .sort((a, b) => b.weight - a.weight);
  if (served[0] === undefined) throw new ApiError(406, `Accepted types not supported: ${header}`);
  return { json: served.some(({ type }) => type !== SSZ_TYPE), prefersSsz: served[0].type === SSZ_TYPE };
}
