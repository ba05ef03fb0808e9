// For boards without systemd: `pm2-runtime systemd/ecosystem.config.cjs`. One gate, in fork mode: two
// would fight over the camera and the strike. The painter beside it takes what the gate leaves.
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
    {
      name: 'art',
      script: 'dist/src/main.js',
      args: ['--config', process.env.PORTICO_CONFIG ?? '/etc/portico/portico.json', 'art', 'run'],
      cwd: `${__dirname}/..`,
      exec_mode: 'fork',
      instances: 1,
      autorestart: true,
      exp_backoff_restart_delay: 5000,
      // Together with its painter; whatever grows is replaced.
      max_memory_restart: '1G',
    },
  ],
};
