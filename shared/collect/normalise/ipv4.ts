import * as z from 'zod';
import { ipv4Number, ipv4Range } from '../../model/ipv4.ts';

export const ipv4Cidr = z.string().refine((cidr) => ipv4Range(cidr) !== undefined, 'IPv4 block');
export const ipv4Address = z.string().refine((address) => ipv4Number(address) !== undefined, 'IPv4 address');
