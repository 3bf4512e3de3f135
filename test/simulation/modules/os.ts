/** A machine without a network of its own: subnets are chosen alike wherever the simulation runs. */
export const networkInterfaces = () => ({})
export const homedir = () => '/home/user'
