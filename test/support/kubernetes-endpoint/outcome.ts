/** How a call ended: `read`, or the name of the error that it threw. */
export const endOf = (act: () => unknown): string => {
  try {
    act();
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.name : 'thrown';
  }
};
