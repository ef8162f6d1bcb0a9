/** Two coins and their stack, 20 units square. */
export const COINS_PATH =
  'M16 5.5c0 1.4-2.7 2.5-6 2.5S4 6.9 4 5.5 6.7 3 10 3s6 1.1 6 2.5zM4 5.5v9C4 15.9 6.7 17 10 17s6-1.1 6-2.5v-9M4 10c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5'
