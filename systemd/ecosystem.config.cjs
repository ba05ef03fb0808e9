// For boards without systemd: `pm2-runtime systemd/ecosystem.config.cjs`. One process, in fork mode: two
// would fight over the camera and the strike.
module.exports = {
  apps: [
    {
      name: 'gate',
      script: 'dist/src/main.js',
      args: ['--config', process.env.PORTICO_CONFIG ?? '/etc/portico/portico.json', 'run'],
      cwd: `${__dirname}/..`,
      exec_mode: 'fork',
      instances: 1,
      autorestart: true,
      exp_backoff_restart_delay: 500,
      // Longer than the relay needs to fall back.
      kill_timeout: 5000,
    },
  ],
};
