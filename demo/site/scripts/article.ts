import './site.js'
