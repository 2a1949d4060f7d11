/** Linux hands out ports from here on for outgoing connections (net.ipv4.ip_local_port_range, default 32768-60999). */
export const FIRST_EPHEMERAL_PORT = 32_768;
