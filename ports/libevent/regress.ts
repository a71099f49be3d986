import type { Case } from "../../test/system/compare.js";
export const libeventCases: readonly Case[] = [];
