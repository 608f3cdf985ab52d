/** IValidatorManager.Status. */
export const Status = {
  Unknown: 0,
  Predeposited: 1,
  Eligible: 2,
  Member: 3,
  ToExit: 4,
  Exiting: 5,
  Slashed: 6,
  Left: 7,
  Lost: 8,
  Dropped: 9,
} as const;
