Rails.application.routes.draw do
  root "notes#home"
  resources :notes, only: %i[index create]
end
