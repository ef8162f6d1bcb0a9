export { type LocalServer, ServerNotFoundError } from './local-servers/local-server.js'
export { type PostgresOptions, startPostgres } from './local-servers/postgres.js'
export { type RedisOptions, startRedis } from './local-servers/redis.js'
export { type RedisCluster, startRedisCluster } from './local-servers/redis-cluster.js'
