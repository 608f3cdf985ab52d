/** What a program of ours is started with by tests: nothing of the environment but what it cannot do without, and `own`. */
export function programEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, NODE_NO_WARNINGS: "1", ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...own };
}
